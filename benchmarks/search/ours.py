"""The product's own search, run as the product runs it."""

from __future__ import annotations

import contextlib
import hashlib
import shutil
import tempfile
import time
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.search.results import Chosen, Claim, Run
from counterprompt.errors import InvalidInputError
from counterprompt.search.candidate import BASELINE
from counterprompt.search.objective import spread_of
from counterprompt.search.plan import plan_study
from counterprompt.search.second_proof import order_second_proof
from counterprompt.search.study import run_study
from counterprompt.search.verification import Verdict

if TYPE_CHECKING:
    from benchmarks.search.tasks import Task
    from benchmarks.search.world import CachedWorld
    from counterprompt.ports import ProgressListener
    from counterprompt.search.outcome import Outcome, Settings
    from counterprompt.search.plan import StudyPlan

OURS = "ours"
OURS_TWICE = "ours-twice"
"""The same with a second proof where one is worth it."""


def version() -> str:
    """Name the search's present code: eight hexadecimal digits that change with it."""
    import counterprompt.search

    digest = hashlib.sha256()
    for path in sorted(Path(counterprompt.search.__file__).parent.rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:8]


def run_ours(
    task: Task,
    world: CachedWorld,
    budget: int,
    repetition: int,
    label: str,
    progress: ProgressListener | None = None,
    *,
    has_second_proof: bool = False,
) -> Run:
    """Plan and run one study in a folder that is thrown away; *label* tells versions of the search apart.

    With *has_second_proof* a gain that was likely and not proven is proven once more, beyond *budget*.

    Raises:
        StoppedError: *progress* asked to stop.
    """
    started = time.monotonic()
    plan = plan_study(task.baseline, task.space(world), budget, search_seed=repetition)
    folder = Path(tempfile.mkdtemp(prefix="study-", dir=world.cache.path.parent))
    try:
        outcome = run_study(plan, world, world, progress, folder / "study")
        if has_second_proof:
            with contextlib.suppress(InvalidInputError):  # proven already, or not worth it
                order_second_proof(folder / "study")
                outcome = run_study(plan, world, world, progress, folder / "study")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return Run(
        method=f"{OURS_TWICE if has_second_proof else OURS}:{label}",
        task=task.name,
        budget=budget,
        repetition=repetition,
        winner=_chosen(outcome.winner),
        pictures=outcome.pictures,
        seconds=time.monotonic() - started,
        claim=_claim(outcome, plan, world),
    )


def _chosen(settings: Settings) -> Chosen:
    return Chosen(settings.prompt, settings.negative_prompt, settings.cfg_scale)


def _claim(outcome: Outcome, plan: StudyPlan, world: CachedWorld) -> Claim:
    proof = [pair.seed for pair in outcome.held_out.pairs]  # the plan's own, or those of a second proof
    seeds = dict.fromkeys((*plan.search_seeds, *plan.proof_seeds, *proof))
    own = world.measure([BASELINE.render(plan.baseline, seed) for seed in seeds])
    low, high = outcome.held_out.ci95
    return Claim(
        is_gain=outcome.verdict is Verdict.GAIN,
        gain=outcome.held_out.gain,
        low=low,
        high=high,
        challenger=None if outcome.challenger is None else _chosen(outcome.challenger),
        spread=asdict(spread_of([each.scores for each in own])),
        untreatable=_untreatable(outcome),
    )


def _untreatable(outcome: Outcome) -> tuple[str, ...]:
    """Read what the outcome calls untreatable, where this version of the search says anything of it."""
    named: Any = getattr(outcome, "untreatable", ())
    return tuple(str(getattr(each, "name", getattr(each, "defect", each))) for each in named)
