"""Which files an infotext names."""

import json

import pytest

from counterprompt.advice.hashes import WrittenHash
from counterprompt.advice.inventory import ResourceKind
from counterprompt.advice.mentions import MOST_MENTIONS, ResourceMention, find_mentions
from counterprompt.infotext.params import GenerationParams

CHECKPOINT, LORA, EMBEDDING, VAE, HYPERNETWORK = ResourceKind
HASH = WrittenHash("6ce0161689")


def _mentions(prompt: str = "", negative_prompt: str = "", embeddings: tuple[str, ...] = (), **fields: str):
    named = tuple((label.replace("_", " "), text) for label, text in fields.items())
    return find_mentions(GenerationParams(prompt, negative_prompt, named), embeddings)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"Model": "one", "Model_hash": "6ce0161689"}, ResourceMention(CHECKPOINT, "one", HASH)),
        ({"Model": "one"}, ResourceMention(CHECKPOINT, "one")),
        ({"Model_hash": "6ce0161689"}, ResourceMention(CHECKPOINT, "", HASH)),
        ({"Hashes": '{"model": "6CE0161689"}'}, ResourceMention(CHECKPOINT, "", HASH)),
        ({"Refiner": "xl refiner [6ce0161689]"}, ResourceMention(CHECKPOINT, "xl refiner", HASH)),
        ({"Lora_hashes": "a: 6ce0161689"}, ResourceMention(LORA, "a", HASH)),
        ({"Lora_hashes": "a: e3b0c44298fc"}, ResourceMention(LORA, "a")),
        ({"AddNet_Model_1": "a(6ce0161689)"}, ResourceMention(LORA, "a", HASH)),
        ({"TI_hashes": "b: 6ce0161689"}, ResourceMention(EMBEDDING, "b", HASH)),
        ({"Hashes": '{"embed:b": "6ce0161689"}'}, ResourceMention(EMBEDDING, "b", HASH)),
        ({"VAE": "v.pt", "VAE_hash": "6ce0161689"}, ResourceMention(VAE, "v.pt", HASH)),
        ({"VAE": "v.pt", "Hashes": '{"vae": "6ce0161689"}'}, ResourceMention(VAE, "v.pt", HASH)),
        ({"Hypernet": "h(6ce01616)"}, ResourceMention(HYPERNETWORK, "h", WrittenHash("6ce01616"))),
        (
            {"Civitai_resources": '[{"type": "checkpoint", "modelName": "A Title"}]'},
            ResourceMention(CHECKPOINT, "A Title", None, True),
        ),
    ],
)
def test_each_field_names_a_file(fields: dict[str, str], expected: ResourceMention):
    """Its name, and its hash where one is given."""
    assert (expected,) == _mentions(**fields)


@pytest.mark.parametrize("fields", [{}, {"VAE": "Automatic"}, {"VAE": "None"}, {"Model": ""}, {"Hypernet": "None"}])
def test_nothing_is_named_by_nothing(fields: dict[str, str]):
    """Empty fields and the host's words for "none" name no file."""
    assert () == _mentions(**fields)


def test_loras_of_the_prompt_get_their_hashes():
    """Colons and commas, which the host leaves out of the field, are ignored; both spellings of JSON keys count."""
    found = _mentions(
        "a <lora:x, y:1> <lyco:z:0.5> <lora:w:1> <lora:w:0.2>",
        Lora_hashes="x y: 111111111111",
        Hashes='{"LORA:z": "222222222222"}',
    )

    assert ["x, y", "z", "w"] == [mention.name for mention in found]
    assert ["111111111111", "222222222222", None] == [mention.written and mention.written.digits for mention in found]


def test_embeddings_are_found_as_words_of_either_prompt():
    """A name inside another word is none; a hash for it is kept."""
    found = _mentions(
        "badhands, (By Bad Artist:1.2) <lora:EasyNegative:1>",
        "negativexl",
        ("bad", "by bad artist", "negativeXL", "EasyNegative", "hands"),
        TI_hashes="negativeXL: 6ce0161689",
    )
    names = {mention.name: mention.written for mention in found if mention.kind is EMBEDDING}

    assert {"negativeXL": HASH, "bad": None, "by bad artist": None} == names


def test_titles_are_named_only_where_no_file_is():
    """Civitai's titles for LoRAs add nothing to LoRAs that are named by file."""
    resources = '[{"type": "lora", "modelName": "The Title"}, {"type": "embed", "modelName": "T"}, {"type": "x"}, 5]'
    found = _mentions("a <lora:file:1>", Civitai_resources=resources)

    assert [("file", False), ("T", True)] == [(mention.name, mention.is_title) for mention in found]


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        "5",
        "null",
        '{"model": 5}',
        '{"model": {"a": 1}}',
        '{"x": "6ce0161689"}',
        "[" * 100_000,
        "{" * 300_000,
    ],
)
def test_hostile_json_names_nothing(text: str):
    """Whatever stands in the JSON fields, nothing breaks."""
    assert () == _mentions(Hashes=text, Civitai_resources=text)


def test_the_number_of_mentions_is_bounded():
    """A prompt that names thousands of files names the first few hundred."""
    prompt = " ".join(f"<lora:l{number}:1>" for number in range(3000))
    resources = json.dumps([{"type": "vae", "modelName": f"v{number}"} for number in range(3000)])

    assert MOST_MENTIONS == len(_mentions(prompt, Civitai_resources=resources))
