"""The truth of chosen settings: objective against the baseline and the judge's word, on seeds nobody searched on."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import fmean
from typing import TYPE_CHECKING, Any

from benchmarks.search.results import Chosen, chosen_of
from benchmarks.search.seeds import TRUTH_SEEDS
from counterprompt.search.objective import Objective, ScoreSpread, spread_of
from counterprompt.search.statistics import PairedEstimate, paired_estimate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.search.measurement import Measurement
    from benchmarks.search.tasks import Task
    from benchmarks.search.world import CachedWorld
    from counterprompt.ports import GenerationRequest


@dataclass(frozen=True)
class Truth:
    """What settings are worth."""

    gain: PairedEstimate
    """Objective total against the baseline, in the baseline's spread over the same seeds."""
    defect_rate: float
    """Share of pictures with a defect, by the judge, 0 to 1."""
    baseline_defect_rate: float
    """The same of the baseline."""
    seeds: int
    """How many seeds it rests on."""


class TruthOfTask:
    """Measures settings of one *task* on the first *seeds* truth seeds."""

    def __init__(self, task: Task, world: CachedWorld, seeds: int = 256) -> None:
        self._task, self._world = task, world
        self._seeds = TRUTH_SEEDS[:seeds]
        self._own = self._measure(chosen_of(task.baseline))
        self._objective = Objective(spread_of([each.scores for each in self._own]))

    def of(self, chosen: Chosen) -> Truth:
        """Measure *chosen*; pictures known already are not drawn again."""
        measured = self._measure(chosen)
        return Truth(
            gain=paired_estimate(self._gains(measured, self._objective)),
            defect_rate=_defect_rate(measured),
            baseline_defect_rate=_defect_rate(self._own),
            seeds=len(self._seeds),
        )

    def gains(self, chosen: Chosen) -> list[float]:
        """Return the gain of *chosen* on each truth seed, in the baseline's spread."""
        return self._gains(self._measure(chosen), self._objective)

    def in_units_of(self, chosen: Chosen, spread: dict[str, Any]) -> PairedEstimate:
        """Return the gain of *chosen* in a run's own units, to hold against what the run claimed."""
        return paired_estimate(self._gains(self._measure(chosen), Objective(ScoreSpread(**spread))))

    def cost(self, chosen: Chosen, less: Chosen) -> PairedEstimate:
        """Return what *less* lacks of the gain of *chosen*, seed by seed; below zero where it is better."""
        return paired_estimate([one - other for one, other in zip(self.gains(chosen), self.gains(less))])

    def rate(self, chosen: Chosen, tag: str) -> float:
        """Return the share of pictures that truly show *tag*, 0 to 1."""
        return fmean(each.shows(tag) for each in self._measure(chosen))

    @staticmethod
    def requests(task: Task, chosen: Sequence[Chosen], seeds: int) -> list[GenerationRequest]:
        """List what is drawn for the truth of several settings."""
        return [each.request(task.baseline, seed) for each in chosen for seed in TRUTH_SEEDS[:seeds]]

    def _measure(self, chosen: Chosen) -> list[Measurement]:
        return self._world.measure([chosen.request(self._task.baseline, seed) for seed in self._seeds])

    def _gains(self, measured: Sequence[Measurement], objective: Objective) -> list[float]:
        return [objective.delta(each.scores, own.scores).total for each, own in zip(measured, self._own)]


def _defect_rate(measured: Sequence[Measurement]) -> float:
    return fmean(bool(each.defects) for each in measured)
