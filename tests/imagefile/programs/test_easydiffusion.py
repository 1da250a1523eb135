"""Easy Diffusion's places (easydiffusion/easydiffusion, ui/easydiffusion/utils/save_utils.py)."""

import json
from collections.abc import Callable

import pytest

from counterprompt.imagefile.programs.easydiffusion import read_easydiffusion
from counterprompt.imagefile.programs.reading import ProgramReading
from counterprompt.imagefile.texts import EmbeddedTexts

Reader = Callable[..., ProgramReading]
TEXTS = {
    "prompt": "a cat",
    "negative_prompt": "blurry",
    "seed": "42",
    "num_inference_steps": "25",
    "guidance_scale": "7.5",
    "width": "512",
    "height": "704",
    "sampler_name": "dpmpp_2m",
    "use_stable_diffusion_model": "C:\\models\\sd-v1-4.ckpt",
    "use_vae_model": "None",
}
INFOTEXT = (
    "a cat\nNegative prompt: blurry\n"
    "Steps: 25, Sampler: DPM++ 2M, CFG scale: 7.5, Seed: 42, Size: 512x704, Model: sd-v1-4, App: Easy Diffusion"
)
BESIDE = (
    "Prompt: a cat\nSeed: 42\nSteps: 25\nGuidance Scale: 7.5\nWidth: 512\nHeight: 704\nSampler: dpmpp_2m\n"
    "Negative Prompt: blurry\nStable Diffusion model: /m/sd-v1-4.ckpt\nUse Upscaling: None"
)


@pytest.mark.parametrize(
    "texts",
    [TEXTS, {"UserComment": json.dumps(TEXTS)}, {"txt": json.dumps(TEXTS)}, {"txt": BESIDE}],
    ids=["png", "jpeg", "json", "txt"],
)
def test_every_place_says_the_same(read: Reader, texts: dict[str, str]) -> None:
    """Single PNG texts, JSON in EXIF or beside the picture, and lines beside the picture."""
    infotext = read(texts).infotext

    assert INFOTEXT == infotext


def test_a_prompt_of_several_lines_stays_whole() -> None:
    """A line without a known label goes on with the value above."""
    reading = read_easydiffusion(EmbeddedTexts({"txt": BESIDE.replace("a cat\n", "a cat,\nsunny: yes\n")}, 4, 4))

    assert reading is not None
    assert "a cat,\nsunny: yes" == reading.params.prompt


@pytest.mark.parametrize(("name", "weight"), [("detail", 0.5), (["detail"], [0.5])])
def test_loras_are_named(read: Reader, name: object, weight: object) -> None:
    """One LoRA as text and number, or several as lists."""
    text = json.dumps({**TEXTS, "use_lora_model": name, "lora_alpha": weight})

    assert "a cat <lora:detail:0.5>" == read({"UserComment": text}).params.prompt


@pytest.mark.parametrize(
    "texts", [{}, {"prompt": "{}"}, {"prompt": "a", "seed": "1"}, {"txt": "Prompt: a"}, {"txt": "a"}]
)
def test_other_texts_are_not_ours(texts: dict[str, str]) -> None:
    """A prompt alone, ComfyUI's graph and plain captions are not Easy Diffusion's."""
    assert read_easydiffusion(EmbeddedTexts(texts, 4, 4)) is None
