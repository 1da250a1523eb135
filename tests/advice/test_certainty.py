"""How sure an advice is."""

import pytest

from counterprompt.advice.resources import Resources, ResourceState

KNOWN = Resources(ResourceState.PRESENT)


@pytest.mark.parametrize(
    ("less", "more"),
    [
        ({}, {"resources": KNOWN}),  # more reasons, more known
        ({"prompt": "red house, tree, wlop, unheard"}, {"prompt": "red house, tree"}),  # more can be seen
        ({"prompt": "blue house, tree"}, {"prompt": "red house, tree"}),  # nothing speaks against it
    ],
)
def test_more_grounds_make_it_surer(less, more, advise_on) -> None:
    """What is known, seen and in agreement raises the confidence."""
    assert advise_on(**less).confidence < advise_on(**more).confidence


def test_it_says_what_it_rests_on(advise_on) -> None:
    """A sentence for each ground, with its number."""
    sentences = " ".join(advise_on("red house, tree, unheard", resources=KNOWN).rests_on)

    for part in ("weigh 8 for", "0 for the tags", "67% of what", "90% sure", "known of 100%"):
        assert part in sentences


@pytest.mark.parametrize("prompt", ["", "x", "(", "house"])
@pytest.mark.parametrize("seen", [(), ("house",)])
def test_it_stays_between_0_and_1(prompt: str, seen: tuple[str, ...], advise_on) -> None:
    """Whatever the case."""
    assert 0 <= advise_on(prompt, seen=seen).confidence <= 1
