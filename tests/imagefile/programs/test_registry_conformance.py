"""Real pictures of several programs say what their makers told those programs.

The expected values were read by eye off the files' own texts. Set COUNTERPROMPT_CORPUS as for the conformance test of
tests/imagefile.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from PIL import Image

from counterprompt.imagefile.programs.registry import read_program
from counterprompt.imagefile.texts import EmbeddedTexts

DEFAULT_CORPUS = Path(__file__).parents[4] / "shared" / "corpus"
PICTURES = Path(os.environ.get("COUNTERPROMPT_CORPUS", DEFAULT_CORPUS)) / "sd-parsers"

EXPECTED = {
    "0b91be49a11d.png": {
        "program": "ComfyUI",
        "prompt": "girl (flat chest:0.9), (fennec ears:1.0)\u00a0 (fox ears:1.0), (messy hair), (highlights),"
        " blue eyes, (hoodie), open jacket, running (school uniform), holding hands\n"
        "sky clouds nature national park beautiful winter snow scenery HDR landscape (sunset)",
        "negative": "(hands), text, error, cropped, (worst quality:1.2), (low quality:1.2), normal quality,"
        " (jpeg artifacts:1.3), signature, watermark, username, blurry, artist name, monochrome, sketch, censorship,"
        " censor, (copyright:1.2), extra legs, (forehead mark) (depth of field) (emotionless) (penis) (pumpkin)",
        "settings": (16, "UniPC", "Normal", 6.5, 512136241112371, (1280, 704), "Anything-V3.0"),
    },
    "25e4f4993731.png": {
        "program": "ComfyUI",
        "prompt": "photograph of victorian woman with wings, sky clouds, meadow grass",
        "negative": "watermark, text",
        "settings": (20, "DPM++ 2M", "Normal", 8.0, 280823642470253, (1, 1), "v1-5-pruned-emaonly"),
    },
    "2ab69d7d9acc.png": {
        "program": "InvokeAI",
        "prompt": "digital artwork, oil painting. painterly brushstrokes, holidays,",
        "negative": "(grainy:1.1), photo, oversaturated, overexposed, blurry, compressed (jpg:1.1), (noisy:1.21),"
        " unfocused , black and white",
        "settings": (35, "Euler", "Automatic", 8.0, 3293022630, (1024, 1024), "juggernautXL"),
    },
    "8a07f08cf101.png": {
        "program": "AUTOMATIC1111",
        "prompt": "photo of a duck",
        "negative": "monochrome",
        "settings": (15, "UniPC", "Automatic", 5.0, 235284042, (512, 400), "realistic_realisticVisionV20_v20"),
    },
}


def _read(path: Path, *dropped: str) -> dict[str, object]:
    with Image.open(path) as image:
        image.load()
        texts = {key: value for key, value in image.info.items() if isinstance(value, str) and key not in dropped}
        reading = read_program(EmbeddedTexts(texts, *image.size))
    assert reading is not None
    gen_params = reading.params
    sampler, schedule = gen_params.sampler_and_scheduler
    numbers = (gen_params.cfg_scale, gen_params.seed, gen_params.size, gen_params.model_name)
    return {
        "program": reading.program,
        "prompt": gen_params.prompt,
        "negative": gen_params.negative_prompt,
        "settings": (gen_params.steps, sampler, schedule, *numbers),
    }


@pytest.mark.skipif(not PICTURES.is_dir(), reason="no corpus: set COUNTERPROMPT_CORPUS")
@pytest.mark.parametrize("name", EXPECTED)
def test_real_pictures_say_everything(name: str) -> None:
    """Prompts, steps, sampler, schedule type, CFG, seed, size and model of each picture are those in its texts."""
    assert EXPECTED[name] == _read(PICTURES / name)


@pytest.mark.skipif(not PICTURES.is_dir(), reason="no corpus: set COUNTERPROMPT_CORPUS")
@pytest.mark.parametrize("name", [name for name, expected in EXPECTED.items() if expected["program"] == "ComfyUI"])
def test_the_editors_drawing_says_the_same(name: str) -> None:
    """Without the graph that was run, the editor's drawing of it gives the same values."""
    assert EXPECTED[name] == _read(PICTURES / name, "prompt")
