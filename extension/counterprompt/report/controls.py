"""What stands beside the winner: fixed negatives on the same held-out seeds, and the judge's true defect rates."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from counterprompt.negative.layers import NegativeLayer
from counterprompt.report.content import Control
from counterprompt.report.explanations import ANY_DEFECT, DefectRate
from counterprompt.search.candidate import BASELINE, Candidate
from counterprompt.search.evaluation import Evaluator
from counterprompt.search.record import ScoreRecord
from counterprompt.search.statistics import paired_estimate

if TYPE_CHECKING:
    from pathlib import Path

    from PIL import Image

    from counterprompt.ports import ImageGenerator, ProgressListener, Scorer
    from counterprompt.search.objective import Objective
    from counterprompt.search.plan import StudyPlan
    from counterprompt.search.verification import HeldOut

Judge = Callable[[Sequence["Image.Image"]], Mapping[str, float]]
"""Pictures to the share that truly shows each defect."""

POPULAR_TERMS: Final = (
    "lowres",
    "bad anatomy",
    "bad hands",
    "text",
    "error",
    "missing fingers",
    "extra digit",
    "fewer digits",
    "cropped",
    "worst quality",
    "low quality",
    "normal quality",
    "jpeg artifacts",
    "signature",
    "watermark",
    "username",
    "blurry",
)
"""The wall of words that came with the first anime models and is still pasted under every kind of prompt."""

STAGE = "controls"

ANY: Final = "any"
"""What a judge calls the share of pictures with at least one defect."""


def measure_controls(
    plan: StudyPlan,
    proofs: Sequence[HeldOut],
    generator: ImageGenerator,
    scorer: Scorer,
    progress: ProgressListener,
    folder: Path,
) -> tuple[tuple[Control, ...], int]:
    """Measure an empty and a popular negative on the held-out seeds of the first of *proofs* of the study in *folder*.

    Scores already recorded are not generated again. The units are the winner's: the spread of the baseline over all
    seeds on which the study drew it.

    Returns:
        The controls, none without seeds, and how many pictures they took.
    """
    seeds = [pair.seed for pair in proofs[0].pairs]
    if not seeds:
        return (), 0
    candidates = {"Empty negative": Candidate(keeps_own=False)} if plan.baseline.negative_prompt.strip() else {}
    candidates["Popular negative"] = Candidate(keeps_own=False, layers=(NegativeLayer("popular", POPULAR_TERMS),))
    record = ScoreRecord(folder, scorer.name)
    try:
        drawn = (*plan.search_seeds, *(pair.seed for proof in proofs for pair in proof.pairs))
        budget = len(drawn) + len(seeds) * len(candidates)
        evaluator = Evaluator(plan.baseline, generator, scorer, record, progress, budget)
        objective = plan.objective_over(evaluator.scores(BASELINE, drawn, STAGE))
        before = evaluator.pictures
        controls = tuple(
            _measure(evaluator, objective, name, candidate, seeds) for name, candidate in candidates.items()
        )
        return controls, evaluator.pictures - before
    finally:
        record.close()


def _measure(
    evaluator: Evaluator, objective: Objective, name: str, candidate: Candidate, seeds: Sequence[int]
) -> Control:
    deltas = evaluator.deltas(objective, candidate, seeds, STAGE)
    estimate = paired_estimate([delta.total for delta in deltas])
    return Control(name, candidate.negative_text(evaluator.baseline), estimate.mean, (estimate.low, estimate.high))


def judge_pairs(held_out: HeldOut, folder: Path, judge: Judge) -> tuple[DefectRate, ...]:
    """Let *judge* look at the kept pictures of both sides; rates come in its words, the largest baseline rate first."""
    if not held_out.pairs:
        return ()
    before = judge([_open(folder / pair.baseline_picture) for pair in held_out.pairs])
    after = judge([_open(folder / pair.challenger_picture) for pair in held_out.pairs])
    names = sorted(before, key=lambda name: (name != ANY, -before[name]))
    return tuple(DefectRate(ANY_DEFECT if name == ANY else name, before[name], after[name]) for name in names)


def _open(path: Path) -> Image.Image:
    from PIL import Image

    with Image.open(path) as opened:
        return opened.convert("RGB")
