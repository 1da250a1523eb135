"""The bars of issue 4, each with what was measured, on how much, and by how much it is missed."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from statistics import fmean
from typing import Final

from benchmarks.search.bar import Bar, share_bar
from benchmarks.search.evidence import REMOVAL_BUDGET, Evidence, Point
from benchmarks.search.figures import bootstrap, crossing, mean_of_means, told
from benchmarks.search.methods import METHODS
from benchmarks.search.ours import OURS
from benchmarks.search.removals import without_each_term
from benchmarks.search.tasks import task_named
from counterprompt.prompts.terms import split_terms

PLAIN: Final = ("optuna", "optuna-layers")
"""Plain Optuna in our space and in the easier one; ours is held against whichever gains more at 240 pictures."""
SMALLEST_GAIN: Final = 0.1
"""Tasks whose best known gain is smaller, in baseline spreads, count as having nothing to gain: no share is taken."""


class Bars:
    """Works the bars out of *evidence*."""

    def __init__(self, evidence: Evidence) -> None:
        self._evidence = evidence
        self.points = evidence.points()
        self.best = evidence.best_known()
        self._gainful = [
            task for task, gain in self.best.items() if gain >= SMALLEST_GAIN and task_named(task).has_gain
        ]

    @property
    def plain(self) -> str:
        """The name of the better plain Optuna."""
        gains = {name: mean_of_means(self.shares(name, 240)) for name in PLAIN}
        return max(PLAIN, key=lambda name: -math.inf if math.isnan(gains[name]) else gains[name])

    def all(self) -> list[Bar]:
        """Work out every bar."""
        return [
            self._reach(),
            self._ratio(),
            self._share_of_best(),
            self._worse(),
            self._no_gain(),
            self._coverage(),
            self._terms(),
            self._removals(),
            self._untreatable(),
        ]

    def shares(self, method: str, budget: int) -> list[list[float]]:
        """Return gains of *method* after *budget* pictures as shares of the best known, a list for each task."""
        groups: dict[str, list[float]] = defaultdict(list)
        for point in self.of(method, budget):
            if point.run.task in self._gainful:
                groups[point.run.task].append(point.truth.gain.mean / self.best[point.run.task])
        return list(groups.values())

    def summed(self, method: str, budget: int) -> float:
        """Return the mean true gain of *method* after *budget* pictures, summed over the tasks, in baseline spreads."""
        gains: dict[str, list[float]] = defaultdict(list)
        for point in self.of(method, budget):
            gains[point.run.task].append(point.truth.gain.mean)
        return sum(map(fmean, gains.values()))

    def methods(self) -> list[str]:
        """Name the methods that have points, ours first."""
        names = {point.run.method_name for point in self.points}
        return [name for name in METHODS if name in names]

    def of(self, method: str, budget: int | None = None) -> list[Point]:
        """Return the points of a method, at one *budget* or at all."""
        return [
            point
            for point in self.points
            if point.run.method_name == method and (budget is None or point.budget == budget)
        ]

    def _reach(self) -> Bar:
        name, wanted = "pictures to plain Optuna's gain at 240", "<= 80, goal 60"
        level = mean_of_means(self.shares(self.plain, 240))
        curve = [(budget, self.shares(OURS, budget)) for budget in self._evidence.budgets]
        points = [(budget, mean_of_means(groups)) for budget, groups in curve if groups]
        if math.isnan(level) or not points:
            return Bar(name, wanted, "not measured", "", None)
        at = crossing(points, level)
        count = f"{sum(len(group) for _, groups in curve for group in groups)} runs of ours"
        shares = ", ".join(f"{share:.2f} at {pictures}" for pictures, share in points)
        if at is None:
            return Bar(
                name, wanted, f"not by {points[-1][0]:.0f} (ours {shares}; {self.plain} {level:.2f})", count, False, "?"
            )
        if at == points[0][0] > 80:
            return Bar(name, wanted, f"at most {at:.0f}; no smaller budget was run (ours {shares})", count, None)
        missed = "" if at <= 80 else f"{at - 80:.0f} pictures"
        return Bar(name, wanted, f"{at:.0f} (ours {shares}; {self.plain} {level:.2f} at 240)", count, at <= 80, missed)

    def _ratio(self) -> Bar:
        name, wanted = "held-out gain at 240 against plain Optuna's", ">= 1.4 x"
        ours, plain = self.shares(OURS, 240), self.shares(self.plain, 240)
        if not ours or not plain:
            return Bar(name, wanted, "not measured", "", None)
        split, sums = len(ours), (self.summed(OURS, 240), self.summed(self.plain, 240))

        def ratio(groups: list[list[float]]) -> float:
            return mean_of_means(groups[:split]) / mean_of_means(groups[split:])

        found, (low, high) = ratio([*ours, *plain]), bootstrap([*ours, *plain], ratio)
        missed = "" if found >= 1.4 else f"{1.4 - found:.2f}"
        return Bar(
            name,
            wanted,
            f"{found:.2f} x {self.plain}'s by share ({told(low, high, '.2f')}); by sum {sums[0]:+.1f} against "
            f"{sums[1]:+.1f}, the best known {sum(self.best.values()):+.1f}",
            _counts(ours, plain),
            found >= 1.4,
            missed,
        )

    def _share_of_best(self) -> Bar:
        name, wanted = "the same against the best known", ">= 95 %"
        ours = self.shares(OURS, 240)
        if not ours:
            return Bar(name, wanted, "not measured", "", None)
        found, (low, high) = mean_of_means(ours), bootstrap(ours, mean_of_means)
        searched = sum(self._evidence.known_pictures(task) for task in self._gainful)
        count = f"{_counts(ours)}; best known from {searched} pictures over {len(self._gainful)} tasks"
        if any(self._evidence.known_pictures(task) == 0 for task in self._gainful):
            seen = f"{found:.0%} of the best seen in any run; no large search was made"
            return Bar(name, wanted, seen, _counts(ours), None)
        missed = "" if found >= 0.95 else f"{0.95 - found:.0%} points"
        return Bar(name, wanted, f"{found:.0%} ({told(low, high, '.0%')})", count, found >= 0.95, missed)

    def _worse(self) -> Bar:
        name, wanted = "runs whose applied winner is worse than the baseline", "<= 1 %"
        ours = self.of(OURS)
        worse = sum(point.truth.gain.mean < 0 for point in ours)
        provably = sum(point.truth.gain.high < 0 for point in ours)
        bar = share_bar(name, wanted, worse, len(ours), at_most=0.01)
        return Bar(bar.name, bar.wanted, f"{bar.found}; provably {provably}", bar.count, bar.is_met, bar.missed_by)

    def _no_gain(self) -> Bar:
        ours = [point for point in self.of(OURS) if not task_named(point.run.task).has_gain]
        said = sum(point.run.claim is not None and not point.run.claim.is_gain for point in ours)
        return share_bar('"no gain" where nothing can be gained', ">= 95 %", said, len(ours), at_least=0.95)

    def _coverage(self) -> Bar:
        """Count intervals that hold the truth: as it is measured, and with its own 95 % error allowed for.

        The truth is a mean over some fresh seeds. Where it rests on 64 and the claim on 44, a perfect interval holds it
        in 87 % of runs only; the bar is held against the difference of both, whose error is known.
        """
        plainly, covered, count = 0, 0, 0
        for run in self._evidence.runs:
            claim = run.claim if run.method_name == OURS else None
            if claim is None or not claim.is_gain or claim.challenger is None:
                continue
            if not self._evidence.is_measured(run.task, claim.challenger):
                continue
            truth = self._evidence.truth_of(run.task).in_units_of(claim.challenger, claim.spread)
            plainly += claim.low <= truth.mean <= claim.high
            reach = math.hypot(claim.high - claim.low, truth.high - truth.low) / 2
            covered += abs(claim.gain - truth.mean) <= reach
            count += 1
        name = "95 % interval of a claimed gain covers the truth, whose own error is allowed for"
        bar = share_bar(name, ">= 93 %", covered, count, at_least=0.93)
        found = f"{bar.found}; {plainly} without"
        return Bar(bar.name, bar.wanted, found, bar.count, bar.is_met, bar.missed_by) if count else bar

    def _terms(self) -> Bar:
        name, wanted = "terms in the applied winner", "<= 15"
        changed = [
            len(split_terms(point.applied.negative_prompt))
            for point in self.of(OURS)
            if point.run.claim is not None and point.run.claim.is_gain
        ]
        if not changed:
            return Bar(name, wanted, "not measured", "", None)
        most = max(changed)
        missed = f"{most - 15} terms" if most > 15 else ""
        return Bar(
            name, wanted, f"mean {fmean(changed):.1f}, most {most}", f"{len(changed)} winners", most <= 15, missed
        )

    def _removals(self) -> Bar:
        free, provably, terms, winners = 0, 0, 0, 0
        for run in self._evidence.proven(REMOVAL_BUDGET):
            shorter = without_each_term(run.winner)
            if not all(self._evidence.is_measured(run.task, each) for each in (run.winner, *shorter)):
                continue
            truth = self._evidence.truth_of(run.task)
            costs = [truth.cost(run.winner, each) for each in shorter]
            free += sum(cost.mean <= 0 for cost in costs)
            provably += sum(cost.high < 0 for cost in costs)
            terms, winners = terms + len(costs), winners + 1
        name, wanted = "terms whose removal is free", "none"
        if not winners:
            return Bar(name, wanted, "not measured", "0 winners", None)
        found = f"{free} of {terms} cost nothing on average, {provably} do provable harm"
        return Bar(name, wanted, found, f"{winners} winners", free == 0, f"{free} terms" if free else "")

    def _untreatable(self) -> Bar:
        ours = [point for point in self.of(OURS) if task_named(point.run.task).untreatable]
        named = sum(
            point.run.claim is not None and task_named(point.run.task).untreatable in point.run.claim.untreatable
            for point in ours
        )
        return share_bar("untreatable defect named as such", ">= 90 %", named, len(ours), at_least=0.9)


def _counts(*groups: Sequence[Sequence[float]]) -> str:
    return " and ".join(f"{sum(map(len, each))} runs on {len(each)} tasks" for each in groups)
