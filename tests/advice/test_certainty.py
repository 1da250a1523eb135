"""How sure an advice is."""

import pytest

from counterprompt.advice.certainty import chance_of
from counterprompt.advice.choice import Choice
from counterprompt.advice.resources import Resources, ResourceState

KNOWN = Resources(ResourceState.PRESENT)


@pytest.mark.parametrize(
    ("less", "more"),
    [
        ({}, {"resources": KNOWN}),  # more reasons, more known
        ({"prompt": "red house, tree, wlop, unheard"}, {"prompt": "red house, tree"}),  # more can be seen
        ({"prompt": "hat, house, tree"}, {"prompt": "red, house, tree"}),  # what shows was asked for
        ({"seen": ("red",)}, {}),  # more is seen
    ],
)
def test_more_grounds_make_it_surer(less, more, advise_on) -> None:
    """What is known, seen and in agreement raises the confidence."""
    assert advise_on(**less).confidence < advise_on(**more).confidence


def test_unknown_files_are_no_percentage(advise_on) -> None:
    """Without an inventory it says that nobody knows, and how to know, instead of 0 %."""
    (told,) = [text for text in advise_on("red house").rests_on if "files" in text]

    assert "0%" not in told
    assert "--inventory" in told


def test_it_says_what_it_rests_on(advise_on) -> None:
    """A sentence for each ground, with its number."""
    sentences = " ".join(advise_on("red house, tree, unheard", resources=KNOWN).rests_on)

    for part in ("weigh 8 for", "0 for the tags", "67% of what", "saw 2 things and is 90% sure", "known of 100%"):
        assert part in sentences


def test_it_claims_no_share_of_a_prompt_that_asks_for_nothing(advise_on) -> None:
    """Without a prompt the tagger judges 100 % of nothing, which is not worth telling."""
    sentences = advise_on("", seen=("red", "house")).rests_on

    assert "The prompt asks for nothing that could be looked for." in sentences
    assert not any("of what the prompt asks for" in sentence for sentence in sentences)


def test_the_chance_is_a_logistic_of_the_strength() -> None:
    """It rises with the strength all the way, and the ends promise neither nothing nor everything."""
    chances = [chance_of(step / 20) for step in range(21)]

    assert sorted(chances) == chances
    assert (0.01, 0.99) == (chances[0], chances[-1])
    assert 0.5 == pytest.approx(chance_of(0.25, intercept=-1.0, slope=4.0))


def test_a_prompt_of_tags_alone_is_less_sure(advise_on) -> None:
    """What the tagger overlooks is lacking from it, so 8 to 0 for the tags is less sure than 8 to 0 for the prompt."""
    embedded = advise_on("red house, tree", resources=KNOWN)
    reverse = advise_on("", seen=("red", "house", "tree"), resources=KNOWN)

    assert (Choice.EMBEDDED, Choice.REVERSE) == (embedded.choice, reverse.choice)
    assert reverse.confidence < embedded.confidence


@pytest.mark.parametrize("prompt", ["", "x", "(", "house"])
@pytest.mark.parametrize("seen", [(), ("house",)])
def test_it_stays_between_0_and_1(prompt: str, seen: tuple[str, ...], advise_on) -> None:
    """Whatever the case."""
    assert 0 <= advise_on(prompt, seen=seen).confidence <= 1
