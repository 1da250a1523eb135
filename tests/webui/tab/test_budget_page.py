"""How long a study will take, told before it starts."""

from __future__ import annotations

import pytest

from counterprompt.search.picture_cost import Drawing, PictureCost
from counterprompt.webui.tab.budget_page import (
    Pace,
    budget_within,
    pace_for,
    pictures_in_all,
    render_estimate,
    render_measuring,
    told_time,
)
from counterprompt.webui.tab.words import ENGLISH

USUAL = Drawing(20, 512, 768)


def _pace(seconds: float, drawing: Drawing = USUAL, *, is_studied: bool = False) -> Pace:
    return Pace(PictureCost(seconds, 0.0, drawing), is_studied)


def test_times_are_told_as_people_do() -> None:
    """Seconds up to a minute and a half, then minutes, then hours."""
    told = [told_time(each, ENGLISH) for each in (0.2, 89, 100, 3600, 7200)]

    assert ["1 s", "89 s", "2 min", "60 min", "2.0 h"] == told


def test_the_controls_count_too() -> None:
    """Two controls on each proof seed come after 240 pictures: 44 seeds."""
    assert 240 + 88 == pictures_in_all(240)


@pytest.mark.parametrize(("minutes", "budget"), [(60, 240), (4, 178), (1, 44), (0.5, 0)])
def test_a_time_limit_comes_to_pictures(minutes: float, budget: int) -> None:
    """Of 240 pictures of 1 s those that fit, controls included; below 40 nothing could be proven."""
    assert budget == budget_within(minutes, 1.0, 240)
    assert not budget or pictures_in_all(budget) <= 60 * minutes


def test_the_estimate_says_what_it_rests_on() -> None:
    """Minutes for all pictures, what they are measured with, and the presets beside them."""
    page = render_estimate(240, 0, _pace(2.0), ENGLISH)

    assert "<b>About 11 min</b>" in page
    assert "An estimate: at most 240 pictures, and 88 to compare" in page
    assert "2 s each, as measured with 20 steps at 512×768" in page
    assert 3 == page.count("<li>")
    studied = _pace(2.0, is_studied=True)
    assert "as in the latest study with 20 steps at 512×768" in render_estimate(240, 0, studied, ENGLISH)


@pytest.mark.parametrize(
    ("is_studied", "said"),
    [
        (True, "4 s each, scaled from the latest study with 20 steps at 512×768 to 40 steps at 512×768"),
        (False, "4 s each, measured with 20 steps at 512×768 and scaled to 40 steps at 512×768"),
    ],
)
def test_other_steps_are_told_to_be_scaled(is_studied: bool, said: str) -> None:
    """The sentence says from what to what, what that takes for granted, and how to know exactly."""
    pace = pace_for(Drawing(40, 512, 768), [_pace(2.0, is_studied=is_studied)])
    page = render_estimate(240, 0, pace, ENGLISH)

    assert "<b>About 22 min</b>" in page
    assert said in page
    assert "as if drawing grew with steps and pixels (“Measure” tells it exactly)" in page


def test_what_was_measured_alike_is_not_scaled() -> None:
    """It comes before any other pace; else the first is scaled; where settings are unknown none is."""
    measured, studied = _pace(9.0, Drawing(50, 512, 512)), _pace(2.0, is_studied=True)

    assert studied == pace_for(USUAL, [measured, studied])
    assert measured == pace_for(None, [measured, studied])
    scaled = pace_for(Drawing(100, 512, 512), [measured, studied])
    assert scaled is not None
    assert (18.0, measured.cost.drawing) == (scaled.seconds, scaled.measured)
    assert pace_for(USUAL, []) is None


def test_a_time_limit_shortens_it_or_is_too_short() -> None:
    """What fits is told; where nothing could be proven in that time, how much would do."""
    assert "<b>About 4 min</b>" in render_estimate(240, 4, _pace(1.0), ENGLISH)
    assert "the time limit ends the search there" in render_estimate(240, 4, _pace(1.0), ENGLISH)
    assert "give at least 1.0" in render_estimate(240, 0.5, _pace(1.0), ENGLISH)


def test_without_a_pace_it_says_how_to_learn_it() -> None:
    """Before the first study nobody knows; while it is measured the page looks again."""
    assert "“Measure” draws a few pictures" in render_estimate(240, 0, None, ENGLISH)
    assert 'data-cp-busy="1"' in render_measuring(ENGLISH)
