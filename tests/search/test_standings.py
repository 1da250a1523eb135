"""Who leads while a search runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counterprompt.generation.fake import FakeGenerator, FakeScorer
from counterprompt.negative.layers import NegativeLayer
from counterprompt.ports import GenerationRequest, SilentProgress
from counterprompt.search.candidate import Candidate
from counterprompt.search.plan import plan_study
from counterprompt.search.space import space_for
from counterprompt.search.standings import MOST_LEADERS, Standing, Tried, standings_of
from counterprompt.search.study import run_study

if TYPE_CHECKING:
    from pathlib import Path

BASELINE = GenerationRequest("a cat", "ugly", 7, width=64, height=64)


class _Watcher(SilentProgress):
    def __init__(self) -> None:
        self.heard: list[tuple[int, tuple[Standing, ...]]] = []

    def hear_standings(self, baseline: GenerationRequest, standings: tuple[Standing, ...], pictures: int) -> None:
        self.heard.append((pictures, standings))


def test_the_best_come_first_with_all_their_seeds() -> None:
    """What was believed last counts, seeds of several trials are joined, and only the best few are told."""
    few = [Tried(Candidate(cfg_scale=3.0 + at), (at,), at / 10) for at in range(MOST_LEADERS + 2)]
    again = Tried(few[0].candidate, (0, 99), 5.0)

    standings = standings_of([*few, again], BASELINE)

    assert MOST_LEADERS == len(standings)
    assert (3.0, 5.0, (0, 99)) == (standings[0].request.cfg_scale, standings[0].believed, standings[0].seeds)
    assert sorted((each.believed for each in standings), reverse=True) == [each.believed for each in standings]


def test_a_study_tells_who_leads_after_each_trial(tmp_path: Path) -> None:
    """A listener that wants standings hears them, with pictures counted up and never the baseline among them."""
    watcher = _Watcher()
    space = space_for(BASELINE, [NegativeLayer("base", ("blurry", "watermark", "noisy"))])

    run_study(plan_study(BASELINE, space, 60), FakeGenerator(), FakeScorer(), watcher, tmp_path)

    pictures = [count for count, _ in watcher.heard]
    assert len(watcher.heard) > 3
    assert sorted(pictures) == pictures
    assert all(BASELINE != each.request for _, standings in watcher.heard for each in standings)
    assert watcher.heard[-1][1][0].believed > 0
