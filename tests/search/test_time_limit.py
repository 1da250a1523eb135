"""A budget in minutes."""

import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from counterprompt.errors import InvalidInputError, StoppedError
from counterprompt.generation.fake import FakeGenerator, FakeScorer
from counterprompt.search import pace
from counterprompt.search.folder import load_plan
from counterprompt.search.plan import StudyPlan, plan_study
from counterprompt.search.space import space_for
from counterprompt.search.study import run_study
from counterprompt.search.time_limit import settled_plan


class TakesTime(FakeGenerator):
    """Takes so many seconds for a picture by a clock of its own."""

    def __init__(self, *seconds: float, pictures: int = 40) -> None:
        super().__init__(batch_size=2)
        self.now = 0.0
        self.paces = seconds
        self.pace_pictures = pictures

    def generate(self, requests):
        """Let time pass and draw; the pace changes to the next one after so many pictures."""
        pace = self.paces[min(self.pictures // self.pace_pictures, len(self.paces) - 1)]
        self.now += pace * len(requests)
        return super().generate(requests)


@pytest.fixture
def timed(baseline, layers) -> StudyPlan:
    """A plan of ten minutes, at most 400 pictures."""
    return plan_study(baseline, space_for(baseline, layers), 400, minutes=10)


@pytest.fixture
def run(monkeypatch, tmp_path: Path):
    """Run a study in the test's folder by the generator's clock."""

    def run(plan: StudyPlan, generator: TakesTime, name: str = "one", progress=None):
        monkeypatch.setattr(pace, "time", SimpleNamespace(monotonic=lambda: generator.now))
        return run_study(plan, generator, FakeScorer(), progress, tmp_path / name)

    return run


@pytest.mark.parametrize(("seconds", "pictures"), [(2.0, 300), (5.0, 120), (10.0, 60)])
def test_the_time_is_used_and_kept(timed: StudyPlan, run, seconds: float, pictures: int):
    """A study takes the minutes it was given, whatever a picture takes, and proves its winner within them."""
    generator = TakesTime(seconds)
    outcome = run(timed, generator)

    assert 0.8 * pictures <= outcome.pictures <= pictures
    assert 500 <= generator.now <= 600 or outcome.pictures < pictures
    assert len(outcome.held_out.pairs) >= 4 + pictures // 10 - 1


def test_pictures_are_a_limit_too(timed: StudyPlan, run):
    """Where pictures are quick the budget in pictures ends the study, which then is that of pictures alone."""
    quick = run(timed, TakesTime(0.1), "timed")
    plain = run(replace(timed, minutes=None), TakesTime(0.1), "plain")

    assert plain == quick
    assert quick.pictures <= 400


@pytest.mark.parametrize("later", [1.0, 6.0])
def test_a_changed_pace_is_answered(timed: StudyPlan, run, later: float):
    """Where pictures become quicker more of them are drawn, where they become slower fewer; the proof comes in full."""
    generator = TakesTime(3.0, later, pictures=30)
    outcome = run(timed, generator)

    assert (outcome.pictures > 200) is (later < 3)
    # Choice and proof are never cut, and take 504 at the slower pace; shortening has what seemed left when it began.
    assert generator.now <= 820
    assert len(outcome.held_out.pairs) == 200 // 5 - 4


def test_controls_have_their_share(timed: StudyPlan, run):
    """With controls the study itself leaves them the time that they take."""
    generator = TakesTime(5.0)
    outcome = run(replace(timed, has_controls=True), generator)

    assert generator.now + 2 * 5.0 * len(outcome.held_out.pairs) <= 610


def test_too_little_time_is_refused(timed: StudyPlan, run):
    """Where nothing could be proven the study says what it would need, after four pictures."""
    generator = TakesTime(60.0)

    with pytest.raises(InvalidInputError, match=r"60 s here, so 10 minutes prove nothing; give at least 4\d\.\d"):
        run(timed, generator)
    assert 4 == generator.pictures


def test_a_resumed_study_has_the_time_that_is_left(timed: StudyPlan, run, stops_at, tmp_path: Path):
    """Time that has passed before an interruption counts, the pause does not, and no picture is drawn again."""
    first = TakesTime(5.0)
    with pytest.raises(StoppedError):
        run(timed, first, progress=stops_at(50))
    second = TakesTime(5.0)
    outcome = run(timed, second)

    assert 500 <= first.now + second.now <= 610
    assert outcome.pictures == first.pictures + second.pictures
    assert len(settled_plan(load_plan(tmp_path / "one"), tmp_path / "one").proof_seeds) == len(outcome.held_out.pairs)


def test_a_finished_study_ends_in_the_same_way_again(timed: StudyPlan, run, tmp_path: Path):
    """What was settled by the clock is settled: run again it draws nothing and says the same."""
    first = run(timed, TakesTime(5.0))
    again = TakesTime(500.0)

    assert first == run(timed, again)
    assert 0 == again.pictures
    assert {"fitted", "search", "total"} < json.loads((tmp_path / "one" / "pace.json").read_text()).keys()
