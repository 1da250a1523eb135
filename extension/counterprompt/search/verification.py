"""Verification: the challenger and the baseline on seeds that the search never saw."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from statistics import fmean
from typing import TYPE_CHECKING

from counterprompt.search.candidate import BASELINE, Candidate
from counterprompt.search.luck import BaselineLuck
from counterprompt.search.objective import ComponentDeltas, Objective, mean_deltas
from counterprompt.search.statistics import steadied_estimate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from counterprompt.ports import Scores
    from counterprompt.search.evaluation import Evaluator

STAGE = "verification"

UNKNOWN_LUCK = BaselineLuck((), 0.0)
"""Nothing is known but the pairs themselves."""


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
    """Mean total difference, less the baseline's luck on these seeds, in units of the baseline's spread."""
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
    luck: float = 0.0
    """What was taken off the mean difference because the baseline did worse on these seeds than on its other ones (or
    added, where below zero, because it did better)."""

    @property
    def verdict(self) -> Verdict:
        """A gain needs an interval that lies above zero and no broken guard."""
        return Verdict.GAIN if self.ci95[0] > 0 and not self.broken_guards else Verdict.NO_GAIN


def verify(
    evaluator: Evaluator,
    objective: Objective,
    candidate: Candidate,
    seeds: Sequence[int],
    luck: BaselineLuck = UNKNOWN_LUCK,
) -> HeldOut:
    """Run *candidate* and the baseline on each of *seeds* (at least two, never used before) and estimate the gain.

    The baseline's luck on *seeds* is taken off as far as *luck* says how it does elsewhere.

    Raises:
        StoppedError: the listener asked to stop; what was scored is recorded.
    """
    for each in (BASELINE, candidate):
        evaluator.order(each, seeds, keep=True)  # both at once, where workers draw
    baseline = evaluator.scores(BASELINE, seeds, STAGE, keep=True)
    scores = evaluator.scores(candidate, seeds, STAGE, keep=True)
    deltas = [objective.delta(each, own) for each, own in zip(scores, baseline)]
    totals, levels = [delta.total for delta in deltas], [objective.level(own) for own in baseline]
    estimate = steadied_estimate(totals, levels, luck.levels, luck.reach(len(seeds)))
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
        luck=fmean(totals) - estimate.mean,
    )


def _artifact_means(baseline: Sequence[Scores], scores: Sequence[Scores]) -> tuple[tuple[str, float, float], ...]:
    return tuple(
        (name, fmean(each.artifacts[name] for each in baseline), fmean(each.artifacts[name] for each in scores))
        for name in baseline[0].artifacts
    )
