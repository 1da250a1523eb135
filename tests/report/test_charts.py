"""The plots."""

from __future__ import annotations

import math
from xml.etree import ElementTree

import pytest

from counterprompt.report.charts import draw_history, draw_intervals, round_ticks
from counterprompt.report.content import Control, HistoryPoint


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0.0, 1.0, [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]),
        (-1.0, 1.4, [-1.0, -0.5, 0.0, 0.5, 1.0]),
        (0.0, 480.0, [0.0, 100.0, 200.0, 300.0, 400.0]),
        (1.0, 1.0, []),
        (0.0, math.inf, []),
    ],
)
def test_ticks_are_round(low: float, high: float, expected: list[float]) -> None:
    """Axes are labelled with round numbers inside their range."""
    assert expected == round_ticks(low, high)


def test_history_shows_every_candidate() -> None:
    """Each candidate is a dot, and the best ends in a peak."""
    plot = draw_history([HistoryPoint(8, 0, 0), HistoryPoint(10, -1, 0), HistoryPoint(18, 0.4, 0.4)])

    kinds = [circle.get("class") for circle in ElementTree.fromstring(plot).iter("circle")]

    assert ["dot", "dot", "dot", "peak"] == kinds


def test_history_of_the_baseline_alone_is_drawn() -> None:
    """One point, all zeros, makes no division by zero."""
    assert "<svg" in draw_history([HistoryPoint(0, 0.0, 0.0)])


def test_history_leaves_out_what_is_not_finite() -> None:
    """A broken score cannot break the page."""
    assert "" == draw_history([HistoryPoint(8, math.nan, math.inf)])


def test_intervals_are_ordered_on_one_axis() -> None:
    """A larger gain lies further to the right, and zero is marked."""
    plot = draw_intervals([Control("Winner", "x", 1.0, (0.5, 1.5)), Control("Empty", "", -0.2, (-0.4, 0.0))])

    winner, empty = (float(mark.get("cx", 0)) for mark in ElementTree.fromstring(plot).iter("circle"))

    assert empty < winner


def test_nothing_is_drawn_of_nothing() -> None:
    """No rows, no plot."""
    assert ("", "") == (draw_history([]), draw_intervals([]))
