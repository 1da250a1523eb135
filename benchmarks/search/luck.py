"""How likely the pictures of searches are under each view of what pictures of one seed share."""

from __future__ import annotations

import tempfile
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.search.tasks import task_named
from counterprompt.ports import SilentProgress
from counterprompt.search.evaluation import Evaluator
from counterprompt.search.folder import TRIALS_FILE
from counterprompt.search.plan import plan_study
from counterprompt.search.record import ScoreRecord
from counterprompt.search.study import open_search, run_study
from counterprompt.search.trial_file import TrialFile

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.search.results import Run
    from benchmarks.search.world import CachedWorld

VIEWS = ("like settings make like pictures", "less so", "every picture has luck of its own")
"""What `surrogate.shared_luck.views_of_luck` offers, in its order."""


def evidence_per_picture(run: Run, world: CachedWorld) -> list[float]:
    """Return the logarithm of the evidence for each view, in nats for each picture of the search of *run*.

    The search is made again, from pictures that *world* knows.
    """
    task = task_named(run.task)
    plan = plan_study(task.baseline, task.space(world), run.budget, search_seed=run.repetition)
    with tempfile.TemporaryDirectory(dir=world.cache.path.parent) as place:
        folder = Path(place) / "study"
        run_study(plan, world, world, None, folder)
        with closing(ScoreRecord(folder, world.name)) as record:
            evaluator = Evaluator(plan.baseline, world, world, record, SilentProgress(), plan.picture_budget)
            sampler = open_search(plan, evaluator)[1].sampler
            sampler.learn(TrialFile(folder / TRIALS_FILE).finished())
            return [each / sampler.model.pictures for each in sampler.model.evidences()]


def tell_luck(runs: Sequence[Run], world: CachedWorld) -> str:
    """Write a table: for every task the mean evidence of each view, less that of the last one."""
    lines = ["| task | " + " | ".join(VIEWS[:-1]) + " |", "|---|" + "---|" * (len(VIEWS) - 1)]
    rows = []
    for task in dict.fromkeys(run.task for run in runs):
        told = np.mean([evidence_per_picture(run, world) for run in runs if run.task == task], axis=0)
        rows.append(told[:-1] - told[-1])
        lines.append(f"| {task} | " + " | ".join(f"{each:+.2f}" for each in rows[-1]) + " |")
    lines.append("| *mean* | " + " | ".join(f"{each:+.2f}" for each in np.mean(rows, axis=0)) + " |")
    return "\n".join(lines) + "\n"
