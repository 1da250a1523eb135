"""How long a study will take, told before it starts."""

from __future__ import annotations

import pytest

from counterprompt.webui.tab.budget_page import (
    Pace,
    budget_within,
    pictures_in_all,
    render_estimate,
    render_measuring,
    told_time,
)
from counterprompt.webui.tab.words import ENGLISH


def test_times_are_told_as_people_do() -> None:
    """Seconds up to a minute and a half, then minutes, then hours."""
    told = [told_time(each, ENGLISH) for each in (0.2, 89, 100, 3600, 7200)]

    assert ["1 s", "89 s", "2 min", "60 min", "2.0 h"] == told


def test_the_controls_count_too() -> None:
    """Two controls on each proof seed come after 240 pictures: 28 seeds."""
    assert 240 + 56 == pictures_in_all(240)


@pytest.mark.parametrize(("minutes", "budget"), [(60, 240), (4, 194), (1, 44), (0.5, 0)])
def test_a_time_limit_comes_to_pictures(minutes: float, budget: int) -> None:
    """Of 240 pictures of 1 s those that fit, controls included; below 40 nothing could be proven."""
    assert budget == budget_within(minutes, 1.0, 240)
    assert not budget or pictures_in_all(budget) <= 60 * minutes


def test_the_estimate_says_what_it_rests_on() -> None:
    """Minutes for all pictures, what they are measured with, and the presets beside them."""
    page = render_estimate(240, 0, Pace(2.0, 20, (512, 768)), ENGLISH)

    assert "<b>About 10 min</b>" in page
    assert "An estimate: at most 240 pictures, and 56 to compare" in page
    assert "2 s each, as measured with 20 steps at 512×768" in page
    assert 3 == page.count("<li>")
    assert "as in the latest study" in render_estimate(240, 0, Pace(2.0), ENGLISH)
    studied = Pace(2.0, 20, (512, 768), is_studied=True)
    assert "as in the latest study with 20 steps at 512×768" in render_estimate(240, 0, studied, ENGLISH)


def test_a_time_limit_shortens_it_or_is_too_short() -> None:
    """What fits is told; where nothing could be proven in that time, how much would do."""
    assert "<b>About 4 min</b>" in render_estimate(240, 4, Pace(1.0), ENGLISH)
    assert "the time limit ends the search there" in render_estimate(240, 4, Pace(1.0), ENGLISH)
    assert "give at least 1.0" in render_estimate(240, 0.5, Pace(1.0), ENGLISH)


def test_without_a_pace_it_says_how_to_learn_it() -> None:
    """Before the first study nobody knows; while it is measured the page looks again."""
    assert "“Measure” draws a few pictures" in render_estimate(240, 0, None, ENGLISH)
    assert 'data-cp-busy="1"' in render_measuring(ENGLISH)
