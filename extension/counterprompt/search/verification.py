"""Verification: the challenger and the baseline on seeds that the search never saw."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from statistics import fmean
from typing import TYPE_CHECKING

from counterprompt.search.candidate import BASELINE, Candidate
from counterprompt.search.objective import ComponentDeltas, Objective, mean_deltas
from counterprompt.search.statistics import paired_estimate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from counterprompt.ports import Scores
    from counterprompt.search.evaluation import Evaluator

STAGE = "verification"


class Verdict(str, Enum):
    """How a study ends."""

    GAIN = "gain"
    """The winner is better than the user's settings, beyond the doubt of the 95 % interval."""
    NO_GAIN = "no gain"
    """Nothing was shown to be better; the user's settings stay."""


@dataclass(frozen=True)
class SeedPair:
    """Challenger and baseline on one held-out seed."""

    seed: int
    """The seed of both pictures."""
    delta: ComponentDeltas
    """Challenger against baseline."""
    baseline_picture: str
    """Where the baseline's picture is kept, relative to the study folder."""
    challenger_picture: str
    """Where the challenger's picture is kept, relative to the study folder."""


@dataclass(frozen=True)
class HeldOut:
    """What held-out seeds say of the challenger."""

    pairs: tuple[SeedPair, ...]
    """One entry per seed."""
    gain: float
    """Mean total difference, in units of the baseline's spread."""
    ci95: tuple[float, float]
    """95 % confidence interval of the gain."""
    win_rate: float
    """Share of seeds on which the challenger is better, 0 to 1, ties counted half."""
    components: ComponentDeltas
    """Mean difference of each component."""
    broken_guards: tuple[str, ...]
    """Guards that the challenger breaks on average."""
    artifacts: tuple[tuple[str, float, float], ...]
    """Defect, its mean probability with the baseline, and with the challenger."""

    @property
    def verdict(self) -> Verdict:
        """A gain needs an interval that lies above zero and no broken guard."""
        return Verdict.GAIN if self.ci95[0] > 0 and not self.broken_guards else Verdict.NO_GAIN


def verify(evaluator: Evaluator, objective: Objective, candidate: Candidate, seeds: Sequence[int]) -> HeldOut:
    """Run *candidate* and the baseline on each of *seeds* (at least two, never used before) and estimate the gain.

    Raises:
        StoppedError: the listener asked to stop; what was scored is recorded.
    """
    for each in (BASELINE, candidate):
        evaluator.order(each, seeds, keep=True)  # both at once, where workers draw
    baseline = evaluator.scores(BASELINE, seeds, STAGE, keep=True)
    scores = evaluator.scores(candidate, seeds, STAGE, keep=True)
    deltas = [objective.delta(each, own) for each, own in zip(scores, baseline)]
    estimate = paired_estimate([delta.total for delta in deltas])
    pairs = (
        SeedPair(seed, delta, evaluator.picture_name(BASELINE, seed), evaluator.picture_name(candidate, seed))
        for seed, delta in zip(seeds, deltas)
    )
    return HeldOut(
        pairs=tuple(pairs),
        gain=estimate.mean,
        ci95=(estimate.low, estimate.high),
        win_rate=estimate.win_rate,
        components=mean_deltas(deltas),
        broken_guards=objective.broken_guards(scores, baseline),
        artifacts=_artifact_means(baseline, scores),
    )


def _artifact_means(baseline: Sequence[Scores], scores: Sequence[Scores]) -> tuple[tuple[str, float, float], ...]:
    return tuple(
        (name, fmean(each.artifacts[name] for each in baseline), fmean(each.artifacts[name] for each in scores))
        for name in baseline[0].artifacts
    )
