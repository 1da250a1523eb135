"""Who answers for a picture."""

import json

import pytest

from counterprompt.imagefile.programs.registry import READERS, read_program
from counterprompt.imagefile.texts import EmbeddedTexts

LINE = "a cat\nSteps: 20, Sampler: Euler, Seed: 1"
GRAPH = json.dumps({"1": {"class_type": "SaveImage", "inputs": {}}})


@pytest.mark.parametrize(
    ("texts", "program"),
    [
        ({"parameters": LINE, "prompt": GRAPH, "workflow": "{}"}, "AUTOMATIC1111"),
        ({"parameters": f"{LINE}, Version: ComfyUI", "prompt": GRAPH}, "ComfyUI"),
        ({"parameters": '{"sui_image_params": {"seed": 1}}', "prompt": GRAPH}, "SwarmUI"),
        ({"prompt": GRAPH}, "ComfyUI"),
        ({"prompt": GRAPH, "txt": "a caption"}, "ComfyUI"),
        ({"prompt": "{", "txt": "a caption"}, "unknown"),
        ({"parameters": "just words"}, "unknown"),
        ({"Software": "NovelAI", "parameters": LINE}, "AUTOMATIC1111"),
        ({"Software": "NovelAI"}, "NovelAI"),
    ],
)
def test_the_first_reader_that_recognises_it_answers(texts: dict[str, str], program: str) -> None:
    """An infotext counts more than a graph, a graph more than a plain text, a plain text more than a mark."""
    reading = read_program(EmbeddedTexts(texts, 4, 4))

    assert reading is not None
    assert program == reading.program


@pytest.mark.parametrize("texts", [{}, {"Software": "GIMP"}, {"Comment": "Created with GIMP"}, {"parameters": " "}])
def test_pictures_that_say_nothing_are_none(texts: dict[str, str]) -> None:
    """No reader recognises what no program wrote."""
    assert read_program(EmbeddedTexts(texts, 4, 4)) is None


HOSTILE = [
    "",
    "{}",
    "[]",
    "null",
    "{" * 3000,
    '{"a": ' * 3000,
    "\x00\ud800",
    json.dumps({"prompt": [[]], "full_prompt": {}, "sui_image_params": {"prompt": 1, "loras": [None, {}]}}),
    json.dumps({"1": {"class_type": "KSampler", "inputs": {"positive": ["1", 0], "latent_image": ["1", 0]}}}),
    json.dumps({"nodes": [{"id": [], "inputs": [None, {"link": {}}], "widgets_values": 3}], "links": [[], {}, 3]}),
    json.dumps({"v4_prompt": {"caption": {"char_captions": [1, None]}}, "steps": {}, "noise_schedule": 1}),
]
KEYS = (
    *("parameters", "prompt", "workflow", "Comment", "comment", "Description", "UserComment", "xmp", "txt", "Dream"),
    *("sd-metadata", "invokeai_metadata", "negative_prompt", "num_inference_steps", "guidance_scale"),
)


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("key", KEYS)
def test_hostile_texts_break_no_reader(key: str, text: str) -> None:
    """Every reader meets every broken text under every key, and answers or declines."""
    for read in READERS:
        read(EmbeddedTexts({key: text}, 4, 4))
        read(EmbeddedTexts({key: text, "Software": "NovelAI", "prompt": text}, 4, 4))
