"""The list of runs, done one after another by as many processes as are given, stopped in time, gone on with later."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from benchmarks.search.gathering import GatheringWorld
from benchmarks.search.methods import PLANS_ITS_BUDGET, run_method
from benchmarks.search.results import Run, run_from_json, run_key, run_to_json
from benchmarks.search.tasks import task_named
from counterprompt.errors import StoppedError

if TYPE_CHECKING:
    from benchmarks.search.cache import Cache
    from benchmarks.search.world import CachedWorld

RUNS: Final = "run"
"""Kind of note that a finished run is."""


@dataclass(frozen=True)
class Job:
    """One run to make."""

    method: str
    """One of methods.METHODS."""
    task: str
    """A task's name."""
    budget: int
    """Pictures."""
    repetition: int
    """From 0."""
    label: str
    """Version of the search's code: other methods share its space and objective."""

    @property
    def key(self) -> str:
        """The name its run is kept under."""
        return run_key(f"{self.method}:{self.label}", self.task, self.budget, self.repetition)


class Deadline:
    """A progress listener that asks to stop when time is up."""

    def __init__(self, minutes: float) -> None:
        self._end = time.monotonic() + 60 * minutes

    def advance(self, stage: str, done: int, total: int, note: str = "") -> None:
        """Ignore it."""

    def is_stop_requested(self) -> bool:
        """Whether time is up."""
        return time.monotonic() >= self._end


def list_jobs(
    methods: Sequence[str], tasks: Sequence[str], budgets: Sequence[int], repetitions: Iterable[int], label: str
) -> list[Job]:
    """List every run, repetition by repetition, so that an early stop leaves all tasks equally far."""
    jobs = []
    for repetition in repetitions:
        for budget in sorted(budgets, reverse=True):
            for task in tasks:
                for method in methods:
                    if method in PLANS_ITS_BUDGET or budget == max(budgets):
                        jobs.append(Job(method, task, budget, repetition, label))
    return jobs


def run_jobs(
    jobs: Sequence[Job], world: CachedWorld, deadline: Deadline, threads: int, tell: Callable[[Run], None]
) -> None:
    """Make the runs that are not in the cache yet, so many at once, until time is up; *tell* hears of each."""

    def make(job: Job) -> None:
        if deadline.is_stop_requested():
            return
        with contextlib.suppress(StoppedError):
            run = run_method(
                job.method,
                task_named(job.task),
                world,
                job.budget,
                job.repetition,
                label=job.label,
                progress=deadline,
            )
            world.cache.note(RUNS, job.key, run_to_json(run))
            tell(run)

    known = world.cache.all_noted(RUNS)
    work_together(world, [partial(make, job) for job in jobs if job.key not in known], threads)


def work_together(world: CachedWorld, tasks: Sequence[Callable[[], Any]], threads: int) -> None:
    """Run *tasks*, so many at once, drawing their pictures together where *world* can."""
    gathering = world.world
    if isinstance(gathering, GatheringWorld):
        gathering.work(tasks, threads)
        return
    for task in tasks:
        task()


def finished(cache: Cache, jobs: Iterable[Job]) -> tuple[list[Run], list[Job]]:
    """Return the runs that are done, and the jobs that are not."""
    known = cache.all_noted(RUNS)
    runs, missing = [], []
    for job in jobs:
        if job.key in known:
            runs.append(run_from_json(known[job.key]))
        else:
            missing.append(job)
    return runs, missing
