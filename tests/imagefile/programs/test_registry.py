"""Who answers for a picture."""

import json
from random import Random

import pytest

from counterprompt.imagefile.programs.registry import READERS, read_program
from counterprompt.imagefile.texts import EmbeddedTexts
from counterprompt.infotext.parse import parse_infotext

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


@pytest.mark.parametrize(
    "text", [LINE, f" {LINE}", "words", "Prompt: a cat\nSeed: 1\nSteps: 2", '"a" -s 5', GRAPH, *HOSTILE]
)
@pytest.mark.parametrize("key", KEYS)
def test_no_reader_is_passed_over_wrongly(key: str, text: str) -> None:
    """A text that stands alone gets the answer that asking all readers gives."""
    embedded = EmbeddedTexts({key: text}, 4, 4)

    assert next((reading for read in READERS if (reading := read(embedded))), None) == read_program(embedded)


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("key", KEYS)
def test_hostile_texts_break_no_reader(key: str, text: str) -> None:
    """Every reader meets every broken text under every key, and answers or declines."""
    for read in READERS:
        read(EmbeddedTexts({key: text}, 4, 4))
        read(EmbeddedTexts({key: text, "Software": "NovelAI", "prompt": text}, 4, 4))


NAMES = (
    *("prompt", "uc", "c", "sampler", "seed", "steps", "loras", "lora", "model", "name", "weight", "image", "size"),
    *("sui_image_params", "full_prompt", "resolution", "v4_prompt", "caption", "char_captions", "noise_schedule"),
    *("class_type", "inputs", "nodes", "links", "id", "type", "widgets_values", "link", "1", "2", "scale"),
    *("positive", "negative", "latent_image", "text", "images", "sampler_name", "lora_1", "width", "height"),
)
LEAVES = (
    None,
    True,
    0,
    -1,
    2**70,
    0.5,
    float("nan"),
    "",
    "x",
    "\ud800",
    "1",
    ["1", 0],
    ["2", 1],
    "KSampler",
    "SaveImage",
)


def _grow(random: Random, depth: int) -> object:
    """A tree of JSON values under the names that the programs use."""
    kind = random.random()
    if depth == 0 or kind < 0.3:
        return random.choice(LEAVES)
    if kind < 0.45:
        return [_grow(random, depth - 1) for _ in range(random.randrange(4))]
    return {random.choice(NAMES): _grow(random, depth - 1) for _ in range(random.randrange(8))}


@pytest.mark.parametrize("seed", range(40))
def test_every_json_is_answered(seed: int) -> None:
    """Whatever types stand under the names that the programs use, readers answer, and with what can be read back."""
    random = Random(seed)
    for _ in range(10):
        texts = {key: json.dumps(_grow(random, 5)) for key in random.sample(KEYS, 3)}
        for read in READERS:
            reading = read(EmbeddedTexts({**texts, "Software": "NovelAI", "Description": "a"}, 4, 4))
            if reading is not None:
                reading.infotext.encode("utf-8")
                parse_infotext(reading.infotext)
