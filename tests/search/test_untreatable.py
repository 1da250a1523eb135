"""Defects that no prompt cures."""

from __future__ import annotations

import pytest

from counterprompt.search.untreatable import UntreatableDefect, untreatable_defects


@pytest.mark.parametrize(
    ("before", "after", "stays"),
    [
        (0.95, 0.93, True),
        (0.6, 0.7, True),
        (0.8, 0.5, False),
        (0.9, 0.0, False),
        (0.3, 0.6, False),
        (0.1, 0.1, False),
        (0.6, 0.45, True),
        (0.55, 0.55, False),
    ],
)
def test_what_is_likely_and_stays_is_untreatable(before: float, after: float, stays: bool) -> None:
    """A defect counts where most pictures have it and little of it goes; one that appears only then is none."""
    expected = (UntreatableDefect("vignette", before, after),) if stays else ()

    assert expected == untreatable_defects([("vignette", before, after)])


def test_the_likeliest_comes_first() -> None:
    """Several are named in the order of what is left of them."""
    found = untreatable_defects([("a", 0.7, 0.7), ("b", 0.9, 0.9), ("c", 0.8, 0.2)])

    assert ["b", "a"] == [defect.name for defect in found]
