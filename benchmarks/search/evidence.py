"""Gathers what the runs chose and what it is truly worth."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from benchmarks.search.figures import best_without_luck
from benchmarks.search.ours import OURS
from benchmarks.search.removals import without_each_term
from benchmarks.search.results import Chosen, Run, chosen_of
from benchmarks.search.tasks import TASKS, task_named
from benchmarks.search.truth import Truth, TruthOfTask

if TYPE_CHECKING:
    from benchmarks.search.tasks import Task
    from benchmarks.search.work import Deadline
    from benchmarks.search.world import CachedWorld

KNOWN: Final = "known"
"""Kind of note that holds the best settings of a large search, by task."""

REMOVAL_BUDGET: Final = 240
"""The budget whose winners are also measured without each of their terms."""


@dataclass(frozen=True)
class Point:
    """One run at one number of pictures, with the truth."""

    run: Run
    """The run."""
    budget: int
    """Pictures after which it is looked at."""
    applied: Chosen
    """What would be applied then."""
    truth: Truth
    """What that is worth."""


class Evidence:
    """The truth behind *runs*, as far as it is drawn.

    Args:
        runs: finished ones.
        budgets: at which pictures they are looked at.
        world: has the pictures.
        seeds: truth seeds.
    """

    def __init__(self, runs: Sequence[Run], budgets: Sequence[int], world: CachedWorld, seeds: int) -> None:
        self.runs, self.budgets, self.seeds = runs, sorted(budgets), seeds
        self._world = world
        self._truths: dict[str, TruthOfTask] = {}

    def truth_of(self, task: str) -> TruthOfTask:
        """Return the measure of *task*."""
        if task not in self._truths:
            self._truths[task] = TruthOfTask(task_named(task), self._world, self.seeds)
        return self._truths[task]

    def wanted(self) -> list[tuple[str, Chosen]]:
        """List all settings whose truth is asked for: applied ones first, then what was claimed, then the known."""
        wanted = [(task, chosen_of(task_named(task).baseline)) for task in dict.fromkeys(run.task for run in self.runs)]
        wanted += [(run.task, applied) for run, _, applied in self._applied()]
        wanted += [(run.task, run.claim.challenger) for run in self.runs if run.claim and run.claim.challenger]
        wanted += [
            (task, chosen) for task in dict.fromkeys(run.task for run in self.runs) for chosen in self.known(task)
        ]
        for run in self.proven(REMOVAL_BUDGET):
            wanted += [(run.task, less) for less in without_each_term(run.winner)]
        return list(dict.fromkeys(wanted))

    def proven(self, budget: int) -> list[Run]:
        """Return the runs of ours of this *budget* that claim a gain."""
        ours = [run for run in self.runs if run.method_name == OURS and run.budget == budget]
        return [run for run in ours if run.claim is not None and run.claim.is_gain]

    def draw(self, deadline: Deadline, share: int = 0, shares: int = 1) -> tuple[int, int]:
        """Draw one of so many *shares* of what is missing until time is up.

        Returns:
            How many settings are measured, and how many are wanted.
        """
        wanted = self.wanted()[share::shares]
        done = 0
        for task, chosen in wanted:
            if deadline.is_stop_requested() and not self.is_measured(task, chosen):
                continue
            self.truth_of(task).of(chosen)
            done += 1
        return done, len(wanted)

    def points(self) -> list[Point]:
        """Return every run at every budget whose truth is drawn."""
        return [
            Point(run, budget, applied, self.truth_of(run.task).of(applied))
            for run, budget, applied in self._applied()
            if self.is_measured(run.task, applied)
        ]

    def is_measured(self, task: str, chosen: Chosen) -> bool:
        """Whether nothing has to be drawn for the truth of *chosen*."""
        baseline = chosen_of(task_named(task).baseline)
        requests = TruthOfTask.requests(task_named(task), [baseline, chosen], self.seeds)
        return self._world.missing(requests) == 0

    def known(self, task: str) -> list[Chosen]:
        """Return the finalists of the large search for the best settings of *task*, if it was made."""
        note = self._world.cache.noted(KNOWN, task) or {}
        return [Chosen(**each) for each in note.get("finalists", [])]

    def known_pictures(self, task: str) -> int:
        """Say how many pictures that search took."""
        note = self._world.cache.noted(KNOWN, task) or {}
        return int(note.get("pictures", 0))

    def best_known(self) -> dict[str, float]:
        """Return the best true gain known of each task: of the large search's finalists and of every run's winner.

        It is freed of the luck of being the best of so many, and 0 where nothing is drawn.
        """
        settings: dict[str, set[Chosen]] = defaultdict(set)
        for run, _, applied in self._applied():
            settings[run.task].add(applied)
        for task in settings:
            settings[task].update([*self.known(task), chosen_of(task_named(task).baseline)])
        return {
            task: best_without_luck([self.truth_of(task).gains(each) for each in known if self.is_measured(task, each)])
            for task, known in settings.items()
        }

    def _applied(self) -> Iterable[tuple[Run, int, Chosen]]:
        for run in self.runs:
            for budget in self.budgets:
                applied = run.winner_at(budget) if run.trace or run.budget == budget else None
                if budget <= run.budget and applied is not None:
                    yield run, budget, applied


def tasks_in_order(names: Iterable[str]) -> list[Task]:
    """Return the tasks of these *names* in the order of TASKS."""
    wanted = set(names)
    return [task for task in TASKS if task.name in wanted]
