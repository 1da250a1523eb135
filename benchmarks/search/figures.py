"""Small statistics for the table: intervals of shares and of means over tasks."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from statistics import fmean, median
from typing import Final

_Z: Final = 1.959964
_RESAMPLES: Final = 1000
_FOLDS: Final = 8


def wilson(hits: int, count: int) -> tuple[float, float]:
    """Return the 95 % interval of a share, 0 to 1, by Wilson's score; all of 0 to 1 where nothing was counted."""
    if count == 0:
        return 0.0, 1.0
    share, square = hits / count, _Z * _Z
    centre = (share + square / (2 * count)) / (1 + square / count)
    wide = _Z / (1 + square / count) * math.sqrt(share * (1 - share) / count + square / (4 * count * count))
    return max(0.0, centre - wide), min(1.0, centre + wide)


def bootstrap(
    groups: Sequence[Sequence[float]], statistic: Callable[[list[list[float]]], float]
) -> tuple[float, float]:
    """Return the 95 % percentile interval of *statistic* when the values of each group are drawn anew.

    Not a number twice where no group has two values: one run says nothing of the next.
    """
    if all(len(group) < 2 for group in groups):
        return math.nan, math.nan
    draw = random.Random(0)
    values = sorted(
        statistic([[draw.choice(group) for _ in group] for group in groups if group]) for _ in range(_RESAMPLES)
    )
    return values[int(0.025 * _RESAMPLES)], values[int(0.975 * _RESAMPLES) - 1]


def told(low: float, high: float, form: str) -> str:
    """Write an interval, each end in the given *form*, such as ".2f"."""
    return "one run a task, no interval" if math.isnan(low) else f"{low:{form}} to {high:{form}}"


def mean_of_means(groups: Sequence[Sequence[float]]) -> float:
    """Average within each group, then over the groups that have values; not a number where none has."""
    means = [fmean(group) for group in groups if group]
    return fmean(means) if means else math.nan


def median_of_all(groups: Sequence[Sequence[float]]) -> float:
    """Return the median over all values of all groups; not a number where there is none."""
    values = [value for group in groups for value in group]
    return median(values) if values else math.nan


def best_without_luck(rows: Sequence[Sequence[float]]) -> float:
    """Return what the best of *rows* is worth, one value for each seed, without the luck that made it the best.

    The best mean of many is too high by the luck of the draw, the more so the more there are. So the best by seven
    eighths of the seeds is read on the last eighth, for each eighth. The same length for all, eight values at least; 0
    where there are no rows, or where that comes out below.
    """
    if not rows:
        return 0.0
    read = []
    for fold in range(_FOLDS):
        best = max(rows, key=lambda row: fmean(value for at, value in enumerate(row) if at % _FOLDS != fold))
        read.append(fmean(best[fold::_FOLDS]))
    return max(0.0, fmean(read))


def crossing(points: Sequence[tuple[float, float]], level: float) -> float | None:
    """Return where a curve of (pictures, gain), in order, first reaches *level*, straight between its points."""
    before: tuple[float, float] | None = None
    for pictures, gain in points:
        if gain >= level:
            if before is None or gain == before[1]:
                return pictures
            share = (level - before[1]) / (gain - before[1])
            return before[0] + share * (pictures - before[0])
        before = (pictures, gain)
    return None
