"""What every simple method stands on: counted pictures, four common seeds, and a noisy mean for each candidate."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean
from typing import TYPE_CHECKING, Final

from benchmarks.search.cache import request_key
from benchmarks.search.results import Incumbent, chosen_of
from benchmarks.search.seeds import common_seeds
from counterprompt.errors import StoppedError
from counterprompt.ports import GenerationRequest, ProgressListener, Scores, SilentProgress
from counterprompt.search.candidate import BASELINE, Candidate
from counterprompt.search.evidence import terms_from_probes, without_asked
from counterprompt.search.objective import Objective, spread_of
from counterprompt.search.plan import SMALLEST_BUDGET, plan_study

if TYPE_CHECKING:
    from benchmarks.search.tasks import Task
    from benchmarks.search.world import CachedWorld
    from counterprompt.search.space import SearchSpace

SEEDS: Final = 4
"""How many seeds a candidate is looked at on."""


class Trying:
    """One run's pictures and its best candidate so far.

    The baseline on the common seeds is drawn first and counts, since the objective needs it.
    """

    def __init__(
        self,
        task: Task,
        world: CachedWorld,
        budget: int,
        repetition: int,
        progress: ProgressListener | None = None,
    ) -> None:
        self.budget = budget
        self.baseline = task.baseline
        self.seeds = common_seeds(repetition, SEEDS)
        self.trace: list[Incumbent] = []
        self._world = world
        self._progress = progress or SilentProgress()
        self._asked: set[bytes] = set()
        self._own = self._scores([BASELINE.render(self.baseline, seed) for seed in self.seeds])
        self._objective = Objective(spread_of(self._own))
        self.whole_layers: SearchSpace = self._with_evidence(task.space(world))
        self.space = self._with_evidence(plan_study(self.baseline, task.space(world), SMALLEST_BUDGET).space)

    @property
    def pictures(self) -> int:
        """Different pictures asked for."""
        return len(self._asked)

    def affords(self, candidates: int = 1, seeds: int = SEEDS) -> bool:
        """Whether so many more *candidates* fit into the budget."""
        return self.pictures + candidates * seeds <= self.budget

    def draw_ahead(self, candidates: Sequence[Candidate]) -> None:
        """Draw all *candidates* at once, uncounted: only speed changes by it."""
        self._world.measure([each.render(self.baseline, seed) for each in candidates for seed in self.seeds])

    def value(self, candidate: Candidate, seeds: Sequence[int] | None = None) -> float:
        """Return the mean objective of *candidate* on the common seeds, or on *seeds* of its own, and note it."""
        requests = [candidate.render(self.baseline, seed) for seed in seeds or self.seeds]
        scores = self._scores(requests)
        mean = fmean(self._objective.delta(each, own).total for each, own in zip(scores, self._own))
        if not self.trace or mean > self.trace[-1].value:
            self.trace.append(Incumbent(self.pictures, chosen_of(requests[0]), mean))
        return mean

    def _scores(self, requests: Sequence[GenerationRequest]) -> list[Scores]:
        if self._progress.is_stop_requested():
            raise StoppedError("Time is up; what was drawn is kept.")
        self._asked.update(request_key(request, self._world.name) for request in requests)
        return [each.scores for each in self._world.measure(requests)]

    def _with_evidence(self, space: SearchSpace) -> SearchSpace:
        if not (space.layers or space.dynamic_terms):
            return space
        return space.with_dynamic_terms(without_asked(terms_from_probes(self._own), self.baseline.prompt))
