"""The LoRA nearest to a missing one."""

import pytest

from counterprompt.advice.inventory import InstalledFile, ResourceKind
from counterprompt.advice.lora_training import LoraTraining
from counterprompt.advice.nearest import find_nearest, name_likeness
from counterprompt.prompts.families import ModelFamily


def _lora(name: str, *tags: str, family: ModelFamily = ModelFamily.SD15, trigger: str = "") -> InstalledFile:
    training = LoraTraining(trigger=trigger, tags=tuple((tag, 10) for tag in tags))
    return InstalledFile(ResourceKind.LORA, name, training=training, family=family)


def test_trained_tags_find_a_stand_in():
    """What the picture asks for and only one file was trained on speaks for that file, and is named."""
    files = [_lora("a", "1girl", "watercolor", "ink wash"), _lora("b", "1girl", "armor")]
    nearest = find_nearest("sumi", ["1girl", "watercolor", "ink_wash"], ModelFamily.SD15, files)

    assert "a" == nearest.name
    assert "trained on ink wash, watercolor" in nearest.why
    assert "1girl" not in " ".join(nearest.why)


def test_names_find_another_version():
    """Version numbers and everybody's words aside, the names are the same."""
    nearest = find_nearest("KiwiStyle_V4", [], ModelFamily.UNKNOWN, [_lora("kiwi style v3"), _lora("kite")])

    assert ("kiwi style v3", 0.5) == (nearest.name, nearest.score)


def test_a_trigger_counts_like_a_tag():
    """`modelspec.trigger_phrase` is what the picture would ask for."""
    assert "a" == find_nearest("x", ["kiwistyle"], ModelFamily.UNKNOWN, [_lora("a", trigger="kiwistyle")]).name


def test_another_family_is_no_stand_in():
    """A LoRA that does not load into the checkpoint here is never near; a related family is half as near."""
    names = [("kiwi", ModelFamily.FLUX), ("kiwi", ModelFamily.PONY), ("kiwi", ModelFamily.SDXL)]
    scores = [
        getattr(find_nearest("kiwi", ["kiwi"], ModelFamily.SDXL, [_lora(name, "kiwi", family=family)]), "score", None)
        for name, family in names
    ]

    assert [None, 0.5, 1.0] == scores


@pytest.mark.parametrize("files", [[], [_lora("unrelated", "armor")]])
def test_nothing_near_is_nothing(files: list[InstalledFile]):
    """An unlike file is not proposed for want of a better one."""
    assert find_nearest("kiwi", ["tree"], ModelFamily.SD15, files) is None


@pytest.mark.parametrize(
    ("left", "right", "least", "most"),
    [
        ("kiwi", "kiwi", 1, 1),
        ("KiwiStyle_v4", "kiwi-style_lora", 1, 1),
        ("sub/kiwi.safetensors", "kiwi", 1, 1),
        ("detail_tweaker", "tweaker detail xl", 1, 1),
        ("striped", "framed", 0, 0),
        ("kiwi", "kiwi girl", 0.6, 0.9),
        ("", "kiwi", 0, 0),
        ("123", "456", 0, 0),
    ],
)
def test_names_are_alike_by_words_or_letters(left: str, right: str, least: float, most: float):
    """From 0 to 1, the same in both directions."""
    assert least <= name_likeness(left, right) <= most
    assert least <= name_likeness(right, left) <= most
