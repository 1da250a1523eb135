"""The checks measure what they say."""

import math

import pytest

from counterprompt.miniature.check.accuracy import f1_score, roc_area


@pytest.mark.parametrize(
    ("scores", "truth", "area"),
    [
        ([0.1, 0.2, 0.8, 0.9], [False, False, True, True], 1.0),
        ([0.9, 0.8, 0.2, 0.1], [False, False, True, True], 0.0),
        ([0.5, 0.5, 0.5, 0.5], [False, True, False, True], 0.5),
        ([0.1, 0.4, 0.35, 0.8], [False, False, True, True], 0.75),
    ],
)
def test_the_area_is_the_share_of_pairs_ranked_right(scores, truth, area):
    """Known cases, ties counting half."""
    assert area == pytest.approx(roc_area(scores, truth))


def test_the_area_needs_both_kinds():
    """Without a single positive there is nothing to rank."""
    assert math.isnan(roc_area([0.1, 0.2], [False, False]))


def test_f1_weighs_misses_and_false_alarms():
    """One hit, one miss, one false alarm make one half."""
    seen = [frozenset({"red"}), frozenset(), frozenset({"red"})]
    truth = [frozenset({"red"}), frozenset({"red"}), frozenset()]

    assert 0.5 == f1_score("red", seen, truth)
    assert 1.0 == f1_score("blue", seen, truth)
