"""Real pictures must say here what the real WebUI says they say.

Set COUNTERPROMPT_CORPUS to a folder of pictures with a NAME.json beside each that holds the WebUI's answer to
`/sdapi/v1/png-info`; without it `../shared/corpus` beside the repository is used where it exists.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from counterprompt.imagefile.read import read_picture
from counterprompt.infotext.params import GenerationParams
from counterprompt.infotext.parse import parse_infotext
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

WRONG_FIELDS: dict[str, str] = {
    "Civitai resources": "the WebUI cuts its JSON at the first comma and takes words inside it for further fields",
    "Hashes": "the WebUI cuts its JSON at the first comma and takes words inside it for further fields",
}
"""Field to the reason why the WebUI's reading of the infotexts that hold it is wrong and ours differs."""

SAME_TEXT = ("Steps", "Sampler", "CFG scale", "Seed", "Model hash")
ADDED_BY_THE_WEBUI = frozenset(
    {
        *("Prompt", "Negative prompt", "Clip skip", "RNG", "Emphasis", "FP8 weight", "Downcast alphas_cumprod"),
        *("Schedule type", "Schedule max sigma", "Schedule min sigma", "Schedule rho", "VAE Encoder", "VAE Decoder"),
        *("Hires prompt", "Hires negative prompt", "Hires checkpoint", "Hires sampler", "Hires schedule type"),
        *("Hires resize-1", "Hires resize-2", "Refiner switch by sampling steps", "Cache FP16 weight for LoRA"),
        *("Old prompt editing timelines", "Pad conds v0", "Styles array"),
        *("Mask mode", "Masked content", "Inpaint area", "Masked area padding"),
    }
)
"""Keys that the WebUI fills in where the infotext has none (1.10.1, modules/infotext_utils.py)."""
REWRITTEN_BY_THE_WEBUI = frozenset({"First pass size-1", "First pass size-2", "Size-1", "Size-2"})
"""With the first of them the WebUI turns the sizes of before 2023 into today's; the other test compares these."""
SIZE = re.compile(r"(\d+)x(\d+)")


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


@pytest.mark.skipif(not ANSWERS, reason="no corpus: set COUNTERPROMPT_CORPUS")
@pytest.mark.parametrize("answer_path", ANSWERS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_field_is_the_webuis(answer_path: Path) -> None:
    """No field of the parameter line differs from the WebUI's, none is missing, none is too much."""
    answer = json.loads(answer_path.read_text(encoding="utf-8"))
    gen_params = parse_infotext(answer["info"])
    wrong = next((label for label in WRONG_FIELDS if gen_params.text(label) is not None), None)
    if wrong is not None:
        pytest.skip(f"{wrong}: {WRONG_FIELDS[wrong]}")
    fields = _split_sizes(gen_params)
    theirs = {label: str(value) for label, value in answer["parameters"].items()}

    if "First pass size-1" in fields:
        fields = {label: text for label, text in fields.items() if label not in REWRITTEN_BY_THE_WEBUI}
        theirs = {label: text for label, text in theirs.items() if label not in REWRITTEN_BY_THE_WEBUI}

    assert {label: theirs.get(label) for label in fields} == fields
    assert set() == set(theirs) - set(fields) - ADDED_BY_THE_WEBUI


def _split_sizes(gen_params: GenerationParams) -> dict[str, str]:
    """The fields with every "512x768" as two, as the WebUI keeps them."""
    fields: dict[str, str] = {}
    for label, text in gen_params.fields:
        found = SIZE.fullmatch(text)
        fields.update(zip((f"{label}-1", f"{label}-2"), found.groups()) if found else [(label, text)])
    return fields


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
