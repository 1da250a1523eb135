"""Small-sample statistics against published tables."""

import math

import pytest

from counterprompt.search.statistics import is_probably_worse, paired_estimate, standard_error, student_t_quantile


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
