"""The inventory of a running WebUI."""

from typing import Any

import pytest

from counterprompt.advice.inventory import ResourceKind
from counterprompt.advice.resources import ResourceState, look_up
from counterprompt.errors import GeneratorError
from counterprompt.infotext.params import GenerationParams
from counterprompt.inventory.webui import WebuiInventory
from counterprompt.prompts.families import ModelFamily

ANSWERS: dict[str, Any] = {
    "/sdapi/v1/sd-models": [
        {
            "title": "sub/ponyMix.safetensors [6ce0161689]",
            "model_name": "sub_ponyMix",
            "hash": "6ce0161689",
            "sha256": None,
            "filename": "/models/sub/ponyMix.safetensors",
        },
        "no object",
    ],
    "/sdapi/v1/loras": [
        {
            "name": "kiwi_v4",
            "alias": "kiwi",
            "path": "/models/Lora/kiwi_v4.safetensors",
            "metadata": {
                "ss_tag_frequency": {"10_kiwi": {"kiwi style": 20}},
                "ss_base_model_version": "sd_v1",
                "sshs_model_hash": "7157149bd83ccb329fe83a79d3e22a315d3411873b21d7306089e9aac9a72e1d",
            },
        },
        {"name": "bare", "alias": None, "path": 3, "metadata": None},
    ],
    "/sdapi/v1/embeddings": {"loaded": {"EasyNegative": {}}, "skipped": {"other": {}}},
    "/sdapi/v1/sd-modules": [{"model_name": "ae.safetensors", "filename": "/models/VAE/ae.safetensors"}],
    "/sdapi/v1/options": {"sd_model_checkpoint": "sub/ponyMix.safetensors [6ce0161689]"},
}
PARAMS = GenerationParams(
    "a <lora:kiwi:1> <lora:bare:1> <lora:gone:1> <hypernet:h:1>",
    "easynegative",
    (
        ("Model", "ponyMix"),
        ("Model hash", "6ce0161689"),
        ("VAE", "ae.safetensors"),
        ("Lora hashes", "kiwi: 7157149bd83c, bare: 7157149bd83d, gone: 000000000000"),
    ),
)


def test_the_host_is_asked_for_every_kind():
    """Hashes come with checkpoints and in the headers of LoRAs; a route that is not offered leaves its kind unknown."""
    inventory = WebuiInventory(ANSWERS.get, "http://host").take_stock(PARAMS)
    states = {(one.mention.kind, one.mention.name): one.state for one in look_up(PARAMS, inventory).findings}

    assert {
        (ResourceKind.CHECKPOINT, "ponyMix"): ResourceState.PRESENT,
        (ResourceKind.LORA, "kiwi"): ResourceState.PRESENT,
        (ResourceKind.LORA, "bare"): ResourceState.UNKNOWN,
        (ResourceKind.LORA, "gone"): ResourceState.MISSING,
        (ResourceKind.EMBEDDING, "EasyNegative"): ResourceState.UNKNOWN,
        (ResourceKind.VAE, "ae.safetensors"): ResourceState.UNKNOWN,
        (ResourceKind.HYPERNETWORK, "h"): ResourceState.UNKNOWN,
    } == states
    assert ModelFamily.PONY is inventory.family
    assert ("kiwi style", 20) == inventory.called(ResourceKind.LORA, "kiwi").training.tags[0]


def test_nonsense_answers_are_an_empty_inventory():
    """Whatever the host says, nothing breaks."""
    for nonsense in ([], {}, "x", 5, [None, 1, []], {"loaded": 3}):
        inventory = WebuiInventory(lambda _, said=nonsense: said, "http://host").take_stock(PARAMS)
        assert () == inventory.files


def test_a_host_without_its_api_is_refused():
    """Started without --api it lists LoRAs at most, and the sentence says what to do."""
    with pytest.raises(GeneratorError, match="--api"):
        WebuiInventory({"/sdapi/v1/loras": []}.get, "http://host").take_stock(PARAMS)
