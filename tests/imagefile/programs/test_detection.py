"""Which program made it."""

import pytest

from counterprompt.imagefile.programs.detection import detect_program
from counterprompt.infotext.parse import parse_infotext

LINE = "a cat\nSteps: 20, Sampler: Euler, Seed: 1"


@pytest.mark.parametrize(
    ("texts", "program"),
    [
        ({}, "none"),
        ({"parameters": LINE}, "AUTOMATIC1111"),
        ({"parameters": f"{LINE}, Version: v1.10.1"}, "AUTOMATIC1111"),
        ({"parameters": f"{LINE}, Version: f2.0.1v1.10.1-previous-659"}, "Forge"),
        ({"parameters": f"{LINE}, Version: neo"}, "Forge Neo"),
        ({"parameters": f"{LINE}, Version: ComfyUI"}, "ComfyUI"),
        ({"parameters": f"{LINE}, App: SD.Next"}, "SD.Next"),
        ({"parameters": f"{LINE}, Civitai resources: []"}, "Civitai"),
        ({"parameters": "a cat\nNegative prompt: blurry"}, "AUTOMATIC1111"),
        ({"parameters": "just words"}, "unknown"),
        ({"parameters": '{"sui_image_params": {"prompt": "a"}}'}, "SwarmUI"),
        ({"parameters": '{"base_model": "x"}', "fooocus_scheme": "fooocus"}, "Fooocus"),
        ({"parameters": '{"odd": 1}'}, "unknown"),
        ({"parameters": LINE, "prompt": "{}", "workflow": "{}"}, "AUTOMATIC1111"),
        ({"prompt": "{}"}, "ComfyUI"),
        ({"invokeai_metadata": "{}"}, "InvokeAI"),
        ({"Software": "NovelAI"}, "NovelAI"),
        ({"Software": "GIMP"}, "none"),
    ],
)
def test_programs_are_told_by_their_texts(texts: dict[str, str], program: str) -> None:
    """The keys of the texts and the fields of the infotext name the program."""
    params = parse_infotext(texts["parameters"]) if "parameters" in texts else None

    assert program == detect_program(texts, params)
