"""SwarmUI's JSON (mcmonkeyprojects/SwarmUI, docs/Image Metadata Format.md)."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from counterprompt.imagefile.programs.reading import ProgramReading
from counterprompt.imagefile.programs.swarmui import read_swarmui
from counterprompt.imagefile.texts import EmbeddedTexts

Reader = Callable[..., ProgramReading]
SETTINGS = {
    "prompt": "a photo of a cat",
    "negativeprompt": "blurry",
    "model": "OfficialStableDiffusion/sd_xl_base_1.0",
    "seed": 1,
    "steps": 20,
    "cfgscale": "7.0",
    "width": 1024,
    "height": 768,
    "sampler": "dpmpp_2m",
    "scheduler": "karras",
    "vae": "sdxl/vae_fix",
    "loras": ["style/detail", "eyes"],
    "loraweights": ["0.5", "1"],
    "swarm_version": "0.9.3.1",
}
MODELS = [
    {"name": "OfficialStableDiffusion/sd_xl_base_1.0.safetensors", "param": "model", "hash": "0x" + "a" * 64},
    {"name": "style/detail.safetensors", "param": "loras", "hash": "0x0123456789abcdef"},
]


def _text(settings: dict[str, Any], **more: Any) -> str:
    return json.dumps({"sui_image_params": settings, "sui_extra_data": {"date": "2024-11-13"}, **more})


@pytest.mark.parametrize("place", ["parameters", "UserComment"])
def test_everything_is_put_into_the_webuis_words(read: Reader, place: str) -> None:
    """PNG and JPEG carry the same JSON; the LoRAs' tensor hashes are the WebUI's."""
    reading = read({place: _text(SETTINGS, sui_models=MODELS)})

    assert (
        "a photo of a cat <lora:detail:0.5> <lora:eyes:1>\nNegative prompt: blurry\n"
        "Steps: 20, Sampler: DPM++ 2M, Schedule type: Karras, CFG scale: 7, Seed: 1, Size: 1024x768, "
        'Model: sd_xl_base_1.0, VAE: vae_fix, Lora hashes: "detail: 0123456789ab", App version: 0.9.3.1, App: SwarmUI'
    ) == reading.infotext


def test_old_texts_name_lists_and_samplers_otherwise(read: Reader) -> None:
    """Texts with commas instead of lists, and the sampler under its backend's name (StableSwarmUI)."""
    old = {"prompt": "x", "loras": "a,b", "loraweights": "0.5", "comfyuisampler": "euler", "seed": 3, "steps": 2}
    gen_params = read({"parameters": _text(old)}).params

    assert ("x <lora:a:0.5> <lora:b:1>", "Euler") == (gen_params.prompt, gen_params.sampler_name)


def test_an_upscaling_refiner_is_the_hires_fix(read: Reader) -> None:
    """The refiner's control and upscale take the hires fix's fields; without upscale it is the WebUI's refiner."""
    refining = {**SETTINGS, "refinercontrolpercentage": 0.2, "refinersteps": 10}
    upscaled = read(
        {"parameters": _text({**refining, "refinerupscale": 1.5, "refinerupscalemethod": "model-4x_x.pth"})}
    ).params
    refined = read({"parameters": _text({**refining, "refinermodel": "a/ref"})}).params

    assert (0.2, 1.5, "4x_x") == (upscaled.denoising_strength, upscaled.hires_upscale, upscaled.hires_upscaler)
    assert ("ref", "0.8") == (refined.text("Refiner"), refined.text("Refiner switch at"))


@pytest.mark.parametrize("text", ["", "sui_image_params", '{"sui_image_params": []}', '{"sui_image_params": {}}', "{}"])
def test_other_texts_are_not_ours(text: str) -> None:
    """Only a JSON object with settings is SwarmUI's."""
    assert read_swarmui(EmbeddedTexts({"parameters": text}, 4, 4)) is None
