"""Real pictures must say here what the real WebUI says they say.

Set COUNTERPROMPT_CORPUS to a folder of pictures with a NAME.json beside each that holds the WebUI's answer to
`/sdapi/v1/png-info`; without it `../shared/corpus` beside the repository is used where it exists.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from counterprompt.imagefile.read import read_picture
from counterprompt.infotext.params import GenerationParams
from counterprompt.infotext.render import render_infotext

DEFAULT_CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
CORPUS = Path(os.environ.get("COUNTERPROMPT_CORPUS", DEFAULT_CORPUS))
ANSWERS = sorted(CORPUS.rglob("*.json")) if CORPUS.is_dir() else []

WRONG_ANSWERS: dict[str, str] = {
    "0b91be49a11d.png": "it finds nothing in a ComfyUI graph, which we read (test_registry_conformance.py)",
    "25e4f4993731.png": "it finds nothing in a ComfyUI graph, which we read (test_registry_conformance.py)",
    "2ab69d7d9acc.png": "it finds nothing in InvokeAI's metadata, which we read (test_registry_conformance.py)",
}
"""Picture to the reason why the WebUI's answer is wrong and ours differs."""

SAME_TEXT = ("Steps", "Sampler", "CFG scale", "Seed", "Model hash")


@pytest.mark.skipif(not ANSWERS, reason="no corpus: set COUNTERPROMPT_CORPUS")
@pytest.mark.parametrize("answer_path", ANSWERS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_we_agree_with_the_webui(answer_path: Path) -> None:
    """Infotext, prompts, steps, sampler, CFG, seed, size and model hash are the WebUI's, and the text comes back."""
    if answer_path.stem in WRONG_ANSWERS:
        pytest.skip(WRONG_ANSWERS[answer_path.stem])
    answer = json.loads(answer_path.read_text(encoding="utf-8"))
    reading = read_picture(answer_path.with_suffix(""))
    gen_params = reading.params or GenerationParams("")

    assert answer["info"] == (reading.infotext or "")
    assert answer["info"] == render_infotext(gen_params)
    assert _expected(answer["parameters"]) == {
        "Prompt": gen_params.prompt,
        "Negative prompt": gen_params.negative_prompt,
        "Size": (gen_params.width, gen_params.height),
        **{label: gen_params.text(label) for label in SAME_TEXT},
    }


def _expected(parameters: Mapping[str, Any]) -> dict[str, Any]:
    size = tuple(int(parameters[key]) if key in parameters else None for key in ("Size-1", "Size-2"))
    return {
        "Prompt": _without_additions(parameters),
        "Negative prompt": parameters["Negative prompt"],
        "Size": size,
        **{label: parameters.get(label) for label in SAME_TEXT},
    }


def _without_additions(parameters: Mapping[str, Any]) -> str:
    """The prompt without the tags that the WebUI appends for two kinds of old fields."""
    prompt = str(parameters["Prompt"])
    if any(label.startswith("AddNet Model ") for label in parameters):
        prompt = prompt.rpartition("\n<lora:")[0] or prompt
    if "Hypernet" in parameters:
        prompt = prompt.removesuffix(
            f"<hypernet:{parameters['Hypernet']}:{parameters.get('Hypernet strength', '1.0')}>"
        )
    return prompt
