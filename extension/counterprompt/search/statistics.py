"""Small-sample statistics of paired differences, in the standard library alone."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist, fmean, stdev
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class PairedEstimate:
    """What paired differences say about their mean."""

    mean: float
    """Mean difference, in the unit of the differences."""
    standard_error: float
    """Standard error of that mean; 0 with one difference only."""
    low: float
    """Lower end of the two-sided confidence interval."""
    high: float
    """Upper end of the two-sided confidence interval."""
    win_rate: float
    """Share of differences above zero, ties counted half, 0 to 1."""


def student_t_quantile(probability: float, degrees: int) -> float:
    """Return the quantile of Student's t at *probability* (0 to 1, exclusive) with *degrees* of freedom (at least 1).

    Exact for one and two degrees; from three on the Cornish-Fisher expansion of Abramowitz & Stegun 26.7.5, whose
    error at 0.975 is below 0.004.
    """
    if degrees == 1:
        return math.tan(math.pi * (probability - 0.5))
    if degrees == 2:
        alpha = 2 * probability - 1
        return alpha * math.sqrt(2 / (1 - alpha * alpha))
    z = NormalDist().inv_cdf(probability)
    z3, z5, z7, z9 = z**3, z**5, z**7, z**9
    return (
        z
        + (z3 + z) / (4 * degrees)
        + (5 * z5 + 16 * z3 + 3 * z) / (96 * degrees**2)
        + (3 * z7 + 19 * z5 + 17 * z3 - 15 * z) / (384 * degrees**3)
        + (79 * z9 + 776 * z7 + 1482 * z5 - 1920 * z3 - 945 * z) / (92160 * degrees**4)
    )


def standard_error(values: Sequence[float]) -> float:
    """Return the standard error of the mean of *values*; 0 where fewer than two are given."""
    return stdev(values) / math.sqrt(len(values)) if len(values) > 1 else 0.0


def paired_estimate(differences: Sequence[float], confidence: float = 0.95) -> PairedEstimate:
    """Estimate the mean of *differences* (at least one) with its two-sided Student interval at *confidence*."""
    mean = fmean(differences)
    error = standard_error(differences)
    wide = error * student_t_quantile(0.5 + confidence / 2, len(differences) - 1) if len(differences) > 1 else math.inf
    wins = sum(1.0 if value > 0 else 0.5 if value == 0 else 0.0 for value in differences)
    return PairedEstimate(mean, error, mean - wide, mean + wide, wins / len(differences))


def steadied_estimate(
    differences: Sequence[float], levels: Sequence[float], others: Sequence[float], weight: float
) -> PairedEstimate:
    """Estimate the mean of *differences* less the luck that the first of each pair had on its seeds.

    The estimate is the mean of ``difference + weight * level`` less *weight* times the mean of *others*; its interval
    is Welch's for two independent samples ("The generalization of Student's problem", 1947).

    Args:
        differences: second against first on each seed, two and more.
        levels: the first's own level on the same seeds.
        others: its level on further seeds, two and more.
        weight: how much of the luck is taken off, fixed before the differences were seen; 0 gives the paired mean with
            its Student interval, and so do levels that leave no spread at all.
    """
    plain = paired_estimate(differences)
    if not weight or plain.standard_error == 0:
        return plain
    steadied = [each + weight * level for each, level in zip(differences, levels)]
    own, other = standard_error(steadied) ** 2, (weight * standard_error(others)) ** 2
    if own + other == 0:  # nothing is left that could tell how sure the estimate is
        return plain
    degrees = (own + other) ** 2 / (own**2 / (len(steadied) - 1) + other**2 / (len(others) - 1))
    mean, error = fmean(steadied) - weight * fmean(others), math.sqrt(own + other)
    wide = error * student_t_quantile(0.975, max(1, math.floor(degrees)))
    return PairedEstimate(mean, error, mean - wide, mean + wide, plain.win_rate)


def is_probably_worse(differences: Sequence[float], p_threshold: float) -> bool:
    """Say whether a one-sided paired t-test finds the mean of *differences* below zero at *p_threshold* (0 to 0.5).

    With fewer than two differences there is no evidence, so the answer is no.
    """
    if len(differences) < 2 or fmean(differences) >= 0:
        return False
    critical = student_t_quantile(1 - p_threshold, len(differences) - 1)
    return fmean(differences) <= -critical * standard_error(differences)
