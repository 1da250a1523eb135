"""Small-sample statistics against published tables."""

import math
import random
from statistics import fmean

import pytest

from counterprompt.search.statistics import (
    is_probably_worse,
    paired_estimate,
    standard_error,
    steadied_estimate,
    student_t_quantile,
)


@pytest.mark.parametrize(
    ("probability", "degrees", "expected"),
    [
        (0.975, 1, 12.706),
        (0.975, 2, 4.303),
        (0.975, 3, 3.182),
        (0.975, 5, 2.571),
        (0.975, 31, 2.040),
        (0.975, 63, 1.998),
        (0.7, 1, 0.727),
        (0.7, 3, 0.584),
        (0.025, 7, -2.365),
    ],
)
def test_t_quantiles_agree_with_the_tables(probability: float, degrees: int, expected: float):
    """Quantiles of Student's t are those of the printed tables, to three figures."""
    assert pytest.approx(expected, abs=0.004) == student_t_quantile(probability, degrees)


def test_the_interval_is_the_paired_t_interval():
    """Mean, standard error and interval of five differences are the textbook's."""
    estimate = paired_estimate([1.0, 2.0, 3.0, 4.0, 5.0])

    assert (3.0, pytest.approx(0.7071, abs=1e-4)) == (estimate.mean, estimate.standard_error)
    assert (pytest.approx(1.037, abs=2e-3), pytest.approx(4.963, abs=2e-3)) == (estimate.low, estimate.high)


def test_ties_are_half_a_win():
    """A win rate counts what is better as one, what is equal as a half."""
    assert 0.625 == paired_estimate([1.0, 0.0, -1.0, 2.0]).win_rate


def test_one_difference_proves_nothing():
    """With a single difference the interval is without end."""
    estimate = paired_estimate([5.0])

    assert (-math.inf, math.inf) == (estimate.low, estimate.high)
    assert 0.0 == standard_error([5.0])


@pytest.mark.parametrize(
    ("differences", "expected"),
    [
        ([-1.0, -1.1], True),
        ([-1.0], False),
        ([-1.0, 2.0], False),
        ([-0.1, 0.05, -0.02, 0.06], False),
        ([0.0, 0.0], False),
    ],
)
def test_only_clear_losses_count_as_worse(differences: list[float], expected: bool):
    """A loss that its own scatter could explain is not called one."""
    assert expected is is_probably_worse(differences, 0.3)


def _proofs(share: float, weight: float) -> tuple[float, float, float]:
    """Prove a gain of 0.5 on 12 seeds two thousand times; say the mean, the coverage and the mean width."""
    draw, found = random.Random(3), []
    for _ in range(2000):
        levels, others = ([draw.gauss(0, 1) for _ in range(12)] for _ in range(2))
        differences = [0.5 - share * level + draw.gauss(0, 0.7) for level in levels]
        found.append(steadied_estimate(differences, levels, others, weight))
    covered = fmean(each.low <= 0.5 <= each.high for each in found)
    return fmean(each.mean for each in found), covered, fmean(each.high - each.low for each in found)


@pytest.mark.parametrize("share", [0.1, 0.9])
@pytest.mark.parametrize("weight", [0.0, 0.25, 0.45])
def test_steadied_estimates_keep_their_word(share: float, weight: float) -> None:
    """Whatever the weight, and however far from the best one, the mean is right and 95 % of the intervals hold it."""
    mean, covered, _ = _proofs(share, weight)

    assert 0.5 == pytest.approx(mean, abs=0.03)
    assert 0.94 <= covered <= 0.97


def test_other_pictures_sharpen_a_proof() -> None:
    """Where a seed's luck is hardly shared, as many other pictures make the interval narrower by a sixth and more."""
    assert _proofs(0.9, 0.45)[2] < 5 / 6 * _proofs(0.9, 0.0)[2]


def test_without_weight_it_is_the_paired_estimate() -> None:
    """Nothing is taken off where nothing else is known."""
    assert paired_estimate([0.1, 0.4, 0.3]) == steadied_estimate([0.1, 0.4, 0.3], [1.0, 2.0, 3.0], [], 0.0)


def test_luck_that_explains_everything_is_no_certainty():
    """Where luck leaves no spread the paired interval stands: a few whole numbers prove nothing by that."""
    assert paired_estimate([1.0, -1.0]) == steadied_estimate([1.0, -1.0], [-2.0, 2.0], [0.0, 0.0], 0.5)
