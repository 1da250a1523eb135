"""How many seeds a gain of a certain size needs to be told from luck."""

from __future__ import annotations

import math
from typing import Final

from counterprompt.search.statistics import student_t_quantile

FEWEST_SEEDS: Final = 8
MOST_SEEDS: Final = 512

_LIKELY: Final = 0.841621
"""Standard errors beyond what is asked for, with which a proof succeeds four times in five."""


def telling_seeds(gain: float, ci95: tuple[float, float], seeds: int) -> int | None:
    """Return on how many fresh seeds a gain that is truly so large would be proven four times in five.

    Args:
        gain: as measured.
        ci95: its 95 % interval.
        seeds: how many it was measured on.

    Returns:
        8 and more; None where the gain is not above zero, or so small that more than 512 would be needed.
    """
    if gain <= 0 or seeds < 2:
        return None
    spread = (ci95[1] - ci95[0]) / 2 / student_t_quantile(0.975, seeds - 1) * math.sqrt(seeds)
    for wanted in range(FEWEST_SEEDS, MOST_SEEDS + 1):
        errors_above = gain * math.sqrt(wanted) / spread if spread else math.inf
        if errors_above >= student_t_quantile(0.975, wanted - 1) + _LIKELY:
            return wanted
    return None
