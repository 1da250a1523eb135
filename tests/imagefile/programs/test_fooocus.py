"""Fooocus's two schemes (lllyasviel/Fooocus, modules/meta_parser.py) and Fooocus-MRE's comment."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from counterprompt.imagefile.programs.fooocus import read_fooocus
from counterprompt.imagefile.programs.reading import ProgramReading
from counterprompt.imagefile.texts import EmbeddedTexts

Reader = Callable[..., ProgramReading]
SETTINGS: dict[str, Any] = {
    "adm_guidance": "(1.5, 0.8, 0.3)",
    "base_model": "juggernautXL_v8Rundiffusion",
    "base_model_hash": "aeb7e9e689",
    "clip_skip": 2,
    "full_negative_prompt": ["blurry", "unrealistic"],
    "full_prompt": ["cinematic still a cat", "a cat, sharp focus"],
    "guidance_scale": 4.0,
    "loras": [["sd_xl_offset_example-lora_1.0", 0.1, "4852686128"], ["None", 1.0, ""]],
    "metadata_scheme": "fooocus",
    "negative_prompt": "",
    "performance": "Speed",
    "prompt": "a cat",
    "refiner_model": "None",
    "refiner_switch": 0.5,
    "resolution": "(1152, 896)",
    "sampler": "dpmpp_2m_sde_gpu",
    "scheduler": "karras",
    "seed": "4590034657615269725",
    "sharpness": 2,
    "steps": 30,
    "styles": "['Fooocus V2', 'Fooocus Enhance']",
    "vae": "Default (model)",
    "version": "Fooocus v2.5.5",
}


@pytest.mark.parametrize("place", ["parameters", "UserComment"])
def test_its_own_scheme_is_put_into_the_webuis_words(read: Reader, place: str) -> None:
    """The user's prompt is the prompt, the one that the styles made is in the notes, a refiner "None" is none."""
    reading = read({place: json.dumps(SETTINGS), "fooocus_scheme": "fooocus"})

    assert (
        "a cat <lora:sd_xl_offset_example-lora_1.0:0.1>\n"
        "Steps: 30, Sampler: DPM++ 2M SDE, Schedule type: Karras, CFG scale: 4, Seed: 4590034657615269725, "
        "Size: 1152x896, Model hash: aeb7e9e689, Model: juggernautXL_v8Rundiffusion, Clip skip: 2, "
        'Lora hashes: "sd_xl_offset_example-lora_1.0: 4852686128", Styles: "Fooocus V2, Fooocus Enhance", '
        "Performance: Speed, Sharpness: 2, App version: Fooocus v2.5.5, App: Fooocus"
    ) == reading.infotext
    assert "cinematic still a cat" in reading.notes[0]


def test_older_texts_name_loras_and_steps_otherwise(read: Reader) -> None:
    """Name and weight in one text, and steps that only the performance tells."""
    old = {
        key: SETTINGS[key] for key in ("prompt", "negative_prompt", "adm_guidance", "performance", "seed", "sampler")
    }
    gen_params = read({"parameters": json.dumps({**old, "lora_combined_1": "x/a.safetensors : 0.5"})}).params

    assert ("a cat <lora:a:0.5>", 30) == (gen_params.prompt, gen_params.steps)


def test_the_refiner_is_named(read: Reader) -> None:
    """A real refiner and the point of its switch are the WebUI's refiner fields."""
    gen_params = read({"parameters": json.dumps({**SETTINGS, "refiner_model": "sdxl_refiner.safetensors"})}).params

    assert ("sdxl_refiner", "0.5") == (gen_params.text("Refiner"), gen_params.text("Refiner switch at"))


@pytest.mark.parametrize("place", ["Comment", "comment"])
def test_fooocus_mre_keeps_a_comment(read: Reader, place: str) -> None:
    """The older offshoot has width and height, "cfg" and the styled prompt under "real_prompt"."""
    mre = {"prompt": "a cat", "real_prompt": ["x"], "negative_prompt": "bad", "width": 896, "height": 1152, "cfg": 7}
    more = {"steps": 30, "seed": 7, "sampler": "dpmpp_2m", "scheduler": "karras", "base_model": "sd_xl.safetensors"}
    gen_params = read({place: json.dumps({**mre, **more})}).params

    assert ("a cat", "bad", (896, 1152), 7.0, "sd_xl") == (
        gen_params.prompt,
        gen_params.negative_prompt,
        gen_params.size,
        gen_params.cfg_scale,
        gen_params.model_name,
    )


def test_the_a1111_scheme_is_an_infotext(read: Reader) -> None:
    """The other scheme stays as it stands in the file."""
    text = "a cat\nSteps: 30, Sampler: DPM++ 2M SDE Karras, Seed: 7, Size: 1152x896, Version: Fooocus v2.5.5"
    reading = read({"parameters": text, "fooocus_scheme": "a1111"})

    assert ("Fooocus", text) == (reading.program, reading.infotext)


@pytest.mark.parametrize("text", ["", "{}", '{"prompt": "a"}', '{"full_prompt": []}', "[]"])
def test_other_texts_are_not_ours(text: str) -> None:
    """A JSON object needs a prompt and one of Fooocus's own keys."""
    assert read_fooocus(EmbeddedTexts({"parameters": text}, 4, 4)) is None


def test_strange_types_are_no_error(read: Reader) -> None:
    """Values of unexpected types are left out."""
    strange = {key: {"x": [value]} for key, value in SETTINGS.items()}

    assert "" == read({"parameters": json.dumps(strange)}).params.prompt
