"""Every method by name, and how one run of it is made."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from benchmarks.search import simple_methods
from benchmarks.search.ours import OURS, OURS_TWICE, run_ours
from benchmarks.search.results import Run, chosen_of
from benchmarks.search.trying import Trying

if TYPE_CHECKING:
    from benchmarks.search.tasks import Task
    from benchmarks.search.world import CachedWorld
    from counterprompt.ports import ProgressListener

SIMPLE: Final[dict[str, Callable[[Trying, int], None]]] = {
    "optuna": simple_methods.plain_optuna,
    "optuna-layers": simple_methods.layered_optuna,
    "optuna-independent": simple_methods.independent_optuna,
    "random": simple_methods.random_search,
    "climb": simple_methods.hill_climb,
    "grid": simple_methods.grid,
    "popular": simple_methods.popular_negative,
}
METHODS: Final = (OURS, OURS_TWICE, *SIMPLE)
PLANS_ITS_BUDGET: Final = (OURS, OURS_TWICE, "grid")
"""Methods that do other things with another budget: a run for each budget. The others' longest run tells all."""


def run_method(
    method: str,
    task: Task,
    world: CachedWorld,
    budget: int,
    repetition: int,
    *,
    label: str = "",
    progress: ProgressListener | None = None,
) -> Run:
    """Run *method* (one of METHODS) on *task* with a *budget* of pictures; the *repetition* decides its seeds.

    Raises:
        StoppedError: *progress* asked to stop.
    """
    if method in (OURS, OURS_TWICE):
        return run_ours(task, world, budget, repetition, label, progress, has_second_proof=method == OURS_TWICE)
    started = time.monotonic()
    trying = Trying(task, world, budget, repetition, progress)
    SIMPLE[method](trying, repetition)
    last = trying.trace[-1].chosen if trying.trace else chosen_of(task.baseline)
    trace = () if method in PLANS_ITS_BUDGET else tuple(trying.trace)
    return Run(
        f"{method}:{label}", task.name, budget, repetition, last, trying.pictures, time.monotonic() - started, trace
    )
