"""Files told apart by hash."""

import pytest

from counterprompt.advice.resources import HASH_OF_NOTHING, Resources, ResourceState, compare_hashes, find_resources
from counterprompt.infotext.params import GenerationParams


@pytest.mark.parametrize(
    ("stored", "found", "state"),
    [
        ("6ce0161689", "6ce0161689b3853acaa03779ec93eafe75a02f4ced659bee03f50797806fa2fa", ResourceState.PRESENT),
        ("6CE0161689", "6ce0161689", ResourceState.PRESENT),
        ("6ce0161689", "7c6bad76eb", ResourceState.OTHER_FILE),
        ("81761151", "6ce0161689", ResourceState.UNKNOWN),  # eight digits: the old kind
        (HASH_OF_NOTHING, "7c6bad76eb54", ResourceState.UNKNOWN),
        (None, "7c6bad76eb54", ResourceState.UNKNOWN),
        ("7c6bad76eb54", None, ResourceState.UNKNOWN),
        ("", "", ResourceState.UNKNOWN),
    ],
)
def test_hashes(stored: str | None, found: str | None, state: ResourceState) -> None:
    """Hashes of one kind are compared as far as both go; others tell nothing."""
    assert state is compare_hashes(stored, found)


PARAMS = GenerationParams(
    "a <lora:here:1> <lora:gone:1> <lora:other:1> <hypernet:no lora:1>",
    "",
    (
        ("Model hash", "6ce0161689"),
        ("Lora hashes", "here: 7c6bad76eb54, other: 7c6bad76eb54"),
        ("TI hashes", "ti: aa7651be154c"),
    ),
)


def test_each_resource_has_its_state() -> None:
    """LoRAs come from the prompt, hashes from the fields."""
    resources = find_resources(
        PARAMS,
        checkpoint_hash="6ce0161689",
        loras={"here": "7c6bad76eb54", "other": "000000000000"},
        embeddings={},
    )

    assert ResourceState.PRESENT is resources.checkpoint
    assert {
        "here": ResourceState.PRESENT,
        "gone": ResourceState.MISSING,
        "other": ResourceState.OTHER_FILE,
    } == resources.loras
    assert {"ti": ResourceState.MISSING} == resources.embeddings
    assert not resources.is_complete


def test_unasked_is_unknown() -> None:
    """Where nobody can list the files, nothing is called missing."""
    resources = find_resources(PARAMS)

    assert {ResourceState.UNKNOWN} == {resources.checkpoint, *resources.loras.values(), *resources.embeddings.values()}


def test_complete_means_every_hash() -> None:
    """A checkpoint alone is complete where nothing else is named; without one nothing is."""
    assert Resources(ResourceState.PRESENT).is_complete
    assert not Resources().is_complete
