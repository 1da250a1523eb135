"""What is mended in an embedded prompt."""

import pytest

from counterprompt.advice.advise import advise
from counterprompt.advice.choice import Choice, Goal
from counterprompt.advice.inventory import InstalledFile, ResourceKind
from counterprompt.advice.mentions import ResourceMention
from counterprompt.advice.resources import ResourceFinding, Resources, ResourceState
from counterprompt.infotext.params import GenerationParams
from counterprompt.tags.diff import diff_prompt
from counterprompt.tags.observed import ObservedTag, ObservedTags, TagCategory

RENAMED = Resources(
    loras={"x": ResourceState.RENAMED},
    findings=(
        ResourceFinding(
            ResourceMention(ResourceKind.LORA, "x"), ResourceState.RENAMED, InstalledFile(ResourceKind.LORA, "y, z")
        ),
    ),
)
GONE = Resources(loras={"x": ResourceState.MISSING})


def test_a_renamed_lora_gets_its_name_here(advise_on) -> None:
    """Weights and every other byte stay, whatever the choice."""
    advice = advise_on("house,  <lora:x:0.5:te=1> , tree <hypernet:x:1>", seen=("house", "tree"), resources=RENAMED)

    assert "house,  <lora:y, z:0.5:te=1> , tree <hypernet:x:1>" == advice.wordings[Choice.EMBEDDED][0]
    assert "house, tree, <lora:y, z:0.5:te=1>" == advice.wordings[Choice.REVERSE][0]
    assert "<lora:y, z:0.5:te=1>" in advice.wordings[Choice.MERGE][0]


def test_a_name_behind_a_weight_is_found(advise_on) -> None:
    """The WebUI takes the first argument without an equals sign for the name, wherever it stands."""
    advice = advise_on("house, <lora:te=0.5:x>", seen=("house",), resources=RENAMED)

    assert "house, <lora:te=0.5:y, z>" == advice.wordings[Choice.EMBEDDED][0]


@pytest.mark.parametrize(
    ("prompt", "seen", "merged"),
    [
        ("house, <lora:x:1>, tree", ("house", "tree"), "house, tree"),
        ("house <lora:x:1>, tree", ("house", "tree"), "house , tree"),
        ("house, <lora:x:1><lora:other:1>", ("house",), "house, <lora:other:1>"),
    ],
)
def test_missing_loras_leave_no_empty_segment(prompt: str, seen: tuple[str, ...], merged: str, advise_on) -> None:
    """The tag goes, and with it a comma that would have nothing to part."""
    assert merged == advise_on(prompt, seen=seen, resources=GONE).wordings[Choice.MERGE][0]


@pytest.mark.parametrize(
    ("prompt", "seen", "merged"),
    [
        ("a (blue house:1.2), tree", ("red", "house", "tree"), "a (red house:1.2), tree"),
        ("Blue house, tree", ("red", "house", "tree"), "red house, tree"),
        ("[blue:red:0.5] house, blue tree", ("red", "house", "tree"), "[blue:red:0.5] house, blue tree"),
        ("blue hat, circle", ("red", "tree"), "tree, red"),
        ("hat tree, circle, 1girl", ("tree",), "tree"),
        ("a tree with a hat, circle, 1girl", ("tree",), "a tree with a hat"),  # a sentence would limp
        ("house, tree, hat", ("house", "tree"), "house, tree, hat"),  # one of three: the tagger may overlook it
    ],
)
def test_wrong_words_are_mended(prompt: str, seen: tuple[str, ...], merged: str, advise_on) -> None:
    """Colours are replaced, what is plainly wrong goes, and what is only overlooked stays."""
    found = advise_on(prompt, seen=seen).wordings[Choice.MERGE][0]

    assert sorted(merged.split(", ")) == sorted(found.split(", "))


@pytest.mark.parametrize(
    ("prompt", "merged"),
    [
        ("1girl, solo, a lady with Blue eyes in a blue dress", "1girl, solo, a lady with red eyes in a blue dress"),
        ("1girl, solo, blue_eyes, blue dress", "1girl, solo, blue dress, red eyes"),
    ],
)
def test_a_colour_is_replaced_where_it_is_wrong(prompt: str, merged: str) -> None:
    """Eyes that show red do not make the dress red that is blue, as it was asked for."""
    tags = [ObservedTag(name, TagCategory.GENERAL, 0.9) for name in ("1girl", "solo", "red eyes", "blue dress")]
    observed = ObservedTags(tuple(tags), frozenset({"blue eyes", *(tag.name for tag in tags)}))
    diff = diff_prompt(prompt, "", observed)

    advice = advise(GenerationParams(prompt), diff, Goal.REPRODUCE, Resources())

    assert merged == advice.wordings[Choice.MERGE][0]
