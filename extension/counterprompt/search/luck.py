"""The baseline's luck on the proof's seeds, told apart from the challenger's merit by all other baseline pictures.

A seed that happens to be poor for the user's settings makes any rival look good on it. Where a change of the prompt
makes another picture of the same seed, pairing takes little of that away; the baseline's pictures on the search seeds
say how it does on seeds at large. This is the regression estimator of double sampling (Cochran, "Sampling Techniques",
1977, section 12.6) with a slope fixed before the proof, which leaves the estimate unbiased whatever the slope.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import fmean
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

USUAL_SHARE = 0.5
"""Share of the baseline's luck that a challenger is expected not to share, before any picture tells."""

_STRENGTH = 4
"""Seeds that this expectation is worth."""


@dataclass(frozen=True)
class BaselineLuck:
    """What is known of the baseline beside the seeds that it is to be compared on."""

    levels: tuple[float, ...]
    """Objective levels (`Objective.level`) of its pictures on other seeds; a proof uses two and more."""
    share: float
    """Share of its luck on a seed that the challenger does not share, 0 to 1."""

    def reach(self, seeds: int) -> float:
        """Return how far luck on so many *seeds* is made up for, 0 to 1: the less, the fewer other pictures there are.

        It is the weight with the smallest variance, were *share* exact.
        """
        others = len(self.levels) if len(self.levels) > 1 else 0
        return self.share * others / (others + seeds)


def unshared_luck(differences: Sequence[float], levels: Sequence[float]) -> float:
    """Say what share of the baseline's luck on a seed another candidate does not share, 0 to 1.

    Args:
        differences: the candidate's objective values on some seeds, which are differences from the baseline.
        levels: the baseline's own levels on the same seeds.

    Returns:
        The slope by which the candidate falls behind as the baseline's level rises, drawn towards `USUAL_SHARE` where
        seeds are few: 0 where both pictures of a seed are good or bad together, 1 where they have nothing in common.
    """
    middle, mean = fmean(levels), fmean(differences)
    spread = fmean((level - middle) ** 2 for level in levels)
    if spread == 0:
        return USUAL_SHARE
    fall = sum((mean - each) * (level - middle) for each, level in zip(differences, levels))
    share = (fall + _STRENGTH * USUAL_SHARE * spread) / ((len(levels) + _STRENGTH) * spread)
    return min(1.0, max(0.0, share))
