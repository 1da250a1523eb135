"""From scores to objective values: every candidate is measured against the baseline on the same seed."""

from __future__ import annotations

from dataclasses import dataclass, field
from statistics import fmean, stdev
from types import MappingProxyType
from typing import TYPE_CHECKING

from counterprompt.search.guard_limits import GUARDS, GuardLimits, guard_names, guards_that_count
from counterprompt.search.levels import artifact_level, preference_gain
from counterprompt.search.score_weights import ScoreWeights

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from counterprompt.ports import Scores

SPREAD_FLOORS = MappingProxyType({"aesthetic": 0.02, "artifacts": 0.01, "fidelity": 0.002, "preference": 0.05})
"""Smallest spread a component is measured in: a baseline that hardly varies must not turn noise into gains."""

PICTURES = "pictures"
"""Under which name a trial keeps what `pictures_of` tells."""


LARGEST_LOSS = 4.0
"""No picture loses more than so many units by fidelity, nor by one signal: a picture that went wrong altogether is one
lost picture, however far off it is, and must not outweigh ten good ones."""

FREE_FIDELITY = 0.5
"""Share of the loss of fidelity that would break its guard which costs nothing."""


@dataclass(frozen=True)
class ScoreSpread:
    """Standard deviation of each component over the baseline's seeds: the unit that differences are told in."""

    aesthetic: float
    """In points of the aesthetic head."""
    artifacts: float
    """Of the mean artifact probability."""
    fidelity: float
    """Of the cosine of picture and prompt."""
    signals: Mapping[str, float] = field(default_factory=dict)
    """Of each signal that is a guard."""
    preference: float = 1.0
    """In points of the preference model; 1 where none is asked."""


@dataclass(frozen=True)
class ComponentDeltas:
    """One candidate against the baseline on one seed (or the mean of several), in units of baseline spread."""

    aesthetic: float
    """Above zero: more pleasing than the baseline."""
    artifacts: float
    """Above zero: *fewer* artifacts than the baseline."""
    fidelity: float
    """Zero or below: what was lost of the prompt beyond the slack."""
    signals: float
    """Zero or below: how far guards were broken."""
    total: float
    """The weighted sum, which is the objective value."""
    guards: tuple[float, ...] = ()
    """How far each of GUARDS moved towards being broken, in units at which it is: 1 and more breaks it."""
    preference: float = 0.0
    """Spreads gained in what a preference model says; 0 where none is asked."""


@dataclass(frozen=True)
class Objective:
    """Joins score components into one number by which candidates are ranked; the baseline's is always zero."""

    spread: ScoreSpread
    """Units, measured once on the baseline over the search seeds."""
    weights: ScoreWeights = field(default_factory=ScoreWeights)
    """The user's weights."""
    limits: GuardLimits = field(default_factory=GuardLimits)
    """How far the guards may move."""

    def signal_slack(self, name: str) -> float:
        """Say how far the guard *name* may rise above the baseline's."""
        return self.limits.signal_slack(name, self.spread.signals.get(name, 0.0))

    def delta(self, scores: Scores, baseline: Scores) -> ComponentDeltas:
        """Compare *scores* with the *baseline*'s on the same seed; equal scores give zeros."""
        aesthetic = (scores.aesthetic - baseline.aesthetic) / self.spread.aesthetic
        artifacts = (artifact_level(baseline) - artifact_level(scores)) / self.spread.artifacts
        fidelity = -max(0.0, self.lost_fidelity(scores, baseline) - FREE_FIDELITY * self.limits.lost_fidelity)
        signals = -sum(self.signal_excess(scores, baseline).values())
        preference = preference_gain(scores, baseline) / self.spread.preference
        weights = self.weights
        total = (
            weights.aesthetic * aesthetic
            + weights.artifacts * artifacts
            + weights.fidelity * fidelity
            + weights.signals * signals
            + weights.preference * preference
        )
        guards = self.guard_rises(scores, baseline)
        return ComponentDeltas(aesthetic, artifacts, fidelity, signals, total, guards, preference)

    def level(self, scores: Scores) -> float:
        """Return what a picture is worth by itself, in weighted spreads: the part of the objective that is a plain sum.

        Only differences of levels mean anything.
        """
        liked = 0.0 if scores.preference is None else scores.preference / self.spread.preference
        return (
            self.weights.aesthetic * scores.aesthetic / self.spread.aesthetic
            - self.weights.artifacts * artifact_level(scores) / self.spread.artifacts
            + self.weights.preference * liked
        )

    def signal_excess(self, scores: Scores, baseline: Scores) -> dict[str, float]:
        """Return by how many slacks each guard that counts rises beyond its slack, 0 to LARGEST_LOSS."""
        excess = {}
        for name in guards_that_count(scores.signals, baseline.signals):
            slack = self.signal_slack(name)
            rise = (scores.signals[name] - baseline.signals[name]) / slack - 1.0
            excess[name] = min(LARGEST_LOSS, max(0.0, rise))
        return excess

    def guard_rises(self, scores: Scores, baseline: Scores) -> tuple[float, ...]:
        """Say for each of GUARDS how far it moved towards being broken; 0 for one that is not measured or excused."""
        now, before = scores.signals, baseline.signals
        names = guards_that_count(now, before)
        rises = {name: (now[name] - before[name]) / self.signal_slack(name) for name in names}
        rises["fidelity"] = self.lost_fidelity(scores, baseline) / self.limits.lost_fidelity
        return tuple(rises.get(name, 0.0) for name in GUARDS)

    def broken_guards(self, scores: Sequence[Scores], baseline: Sequence[Scores]) -> tuple[str, ...]:
        """Name the guards that *scores* break on average against the *baseline* on the same seeds (at least one).

        A guard is broken when the mean of what `guard_rises` says of it is above 1: seed by seed, so that a picture
        whose saturation may rise excuses no other.
        """
        rises = zip(*(self.guard_rises(each, own) for each, own in zip(scores, baseline)))
        return tuple(name for name, column in zip(GUARDS, rises) if fmean(column) > 1)

    def lost_fidelity(self, scores: Scores, baseline: Scores) -> float:
        """Say how many spreads of fidelity are lost against the *baseline* on the same seed, at most LARGEST_LOSS."""
        return min(LARGEST_LOSS, (baseline.fidelity - scores.fidelity) / self.spread.fidelity)


def spread_of(baseline: Sequence[Scores]) -> ScoreSpread:
    """Measure the spread of the baseline's scores over its seeds (at least two), each no smaller than its floor."""

    def floored(name: str, values: Sequence[float]) -> float:
        return max(SPREAD_FLOORS[name], stdev(values))

    liked = [scores.preference for scores in baseline if scores.preference is not None]
    return ScoreSpread(
        aesthetic=floored("aesthetic", [scores.aesthetic for scores in baseline]),
        artifacts=floored("artifacts", [artifact_level(scores) for scores in baseline]),
        fidelity=floored("fidelity", [scores.fidelity for scores in baseline]),
        preference=floored("preference", liked) if len(liked) == len(baseline) else 1.0,
        signals={
            name: stdev(scores.signals[name] for scores in baseline)
            for name in guard_names(baseline[0].signals, baseline[-1].signals)
        },
    )


def pictures_of(seeds: Sequence[int], deltas: Sequence[ComponentDeltas]) -> list[list[float]]:
    """Tell the pictures of a candidate as plain numbers: seed, objective value, and how far each of GUARDS moved."""
    return [[seed, delta.total, *(delta.guards or (0.0,) * len(GUARDS))] for seed, delta in zip(seeds, deltas)]


def mean_deltas(deltas: Sequence[ComponentDeltas]) -> ComponentDeltas:
    """Average *deltas* (at least one) component by component."""
    return ComponentDeltas(
        aesthetic=fmean(delta.aesthetic for delta in deltas),
        artifacts=fmean(delta.artifacts for delta in deltas),
        fidelity=fmean(delta.fidelity for delta in deltas),
        signals=fmean(delta.signals for delta in deltas),
        total=fmean(delta.total for delta in deltas),
        guards=tuple(fmean(column) for column in zip(*(delta.guards for delta in deltas))),
        preference=fmean(delta.preference for delta in deltas),
    )
