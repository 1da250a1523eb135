"""The baseline's luck on the proof's seeds."""

import random

import pytest

from counterprompt.search.luck import USUAL_SHARE, BaselineLuck, unshared_luck

DRAW = random.Random(2)
LEVELS = [DRAW.gauss(0, 1) for _ in range(400)]


@pytest.mark.parametrize("share", [0.0, 0.3, 0.8, 1.0])
def test_the_share_is_the_slope(share: float) -> None:
    """A candidate that keeps a part of the baseline's luck falls behind by the rest of it."""
    draw = random.Random(1)
    candidate = [(1 - share) * level + draw.gauss(0.5, 0.5) for level in LEVELS]

    found = unshared_luck([new - old for new, old in zip(candidate, LEVELS)], LEVELS)

    assert share == pytest.approx(found, abs=0.06)


def test_few_seeds_tell_little() -> None:
    """With four seeds half of what is said is the expectation; with a baseline that never varies all of it."""
    levels = [-1.0, 1.0, -1.0, 1.0]

    assert (1 + USUAL_SHARE) / 2 == unshared_luck([1.0, -1.0, 1.0, -1.0], levels)
    assert USUAL_SHARE / 2 == unshared_luck([0.5] * 4, levels)
    assert USUAL_SHARE == unshared_luck([0.1, 0.2], [3.0, 3.0])


def test_more_other_pictures_reach_further() -> None:
    """Luck is made up for as far as other seeds outnumber the proof's, and not at all with fewer than two of them."""
    reaches = [BaselineLuck((0.0,) * others, 0.8).reach(12) for others in (0, 1, 4, 12, 10_000)]

    assert [0.0, 0.0, 0.2, 0.4, 0.8] == pytest.approx(reaches, abs=1e-3)
