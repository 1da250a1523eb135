"""A budget in minutes: what it comes to in pictures, corrected while the study runs, with enough kept for the proof.

What was settled by the clock is written into the study's folder, so that a study that is resumed goes on with the time
that is left, and one whose search has ended ends in the same way again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from counterprompt.errors import InvalidInputError
from counterprompt.search.candidate import BASELINE
from counterprompt.search.plan import SMALLEST_BUDGET, resized_plan
from counterprompt.search.study_clock import StudyClock

if TYPE_CHECKING:
    from pathlib import Path

    from counterprompt.search.evaluation import Evaluator
    from counterprompt.search.plan import StudyPlan

_FITTED, _SEARCHED, _TOTAL, _SAVED = "fitted", "search", "total", "saved"

_TRIAL_PIECE = 2
"""Pictures are measured by so many, as the search will ask for them."""

_MEASURED_PICTURES = 4
"""The fewest search seeds that a plan may have; the first of them warm the generator up."""


class Budget(Protocol):
    """How many pictures a study may take."""

    @property
    def plan(self) -> StudyPlan:
        """The study's plan, its seeds those that the budget allows."""
        ...

    def search_pictures(self) -> int:
        """Say how many pictures, the baseline's included, the search may go up to as things stand."""
        ...

    def end_search(self, saved: int = 0) -> tuple[int, int]:
        """Say how many pictures the whole study may take now that its search has ended, *saved* pictures early.

        What it has saved stays saved, and is said, too: as it was when the search ended first.
        """
        ...


@dataclass(frozen=True)
class PictureLimit:
    """A budget in pictures alone."""

    plan: StudyPlan
    """The study's."""
    evaluator: Evaluator
    """Counts pictures."""

    def search_pictures(self) -> int:
        """As planned."""
        return self.plan.search_pictures

    def end_search(self, saved: int = 0) -> tuple[int, int]:
        """As planned, or less where the search ended early."""
        if saved:
            rest = self.plan.picture_budget - self.plan.search_pictures
            self.evaluator.budget = min(self.plan.picture_budget, self.evaluator.pictures + rest)
        return self.evaluator.budget, saved


def budget_of(plan: StudyPlan, evaluator: Evaluator, folder: Path) -> Budget:
    """Return the budget of the study *plan* in *folder*; one in minutes is measured where that has not been done.

    Raises:
        InvalidInputError: nothing could be proven in that time, or what an earlier run noted is damaged.
        StoppedError: the listener asked to stop.
    """
    evaluator.pace.minutes = plan.minutes
    return (
        PictureLimit(plan, evaluator)
        if plan.minutes is None
        else TimeLimit(plan, evaluator, StudyClock(folder, evaluator.pace.clock))
    )


def settled_plan(plan: StudyPlan, folder: Path) -> StudyPlan:
    """Return *plan* as the study in *folder* has cut it down to its time, as far as it has."""
    pictures = None if plan.minutes is None else StudyClock(folder).settled(_FITTED)
    return plan if pictures is None else resized_plan(plan, pictures)


class TimeLimit:
    """Turns the minutes of a plan into pictures.

    Args:
        plan: the study's; its picture budget is a limit too.
        evaluator: draws, and measures how long that takes.
        clock: the study's.
    """

    def __init__(self, plan: StudyPlan, evaluator: Evaluator, clock: StudyClock) -> None:
        assert plan.minutes is not None
        self._asked = plan
        self._limit_s = 60 * plan.minutes
        self._evaluator = evaluator
        self._clock = clock
        pictures = clock.settled(_FITTED)
        if pictures is None:
            pictures = self._measured_budget()
            clock.settle(**{_FITTED: pictures})
        self.plan = resized_plan(plan, pictures)
        """The plan, cut down to what the time allowed when the first pictures were there."""
        evaluator.budget = self.plan.picture_budget

    def search_pictures(self) -> int:
        """Say how many pictures, the baseline's included, the search may go up to at this pace."""
        done = self._clock.settled(_SEARCHED)
        if done is not None:
            return done
        self._clock.note()
        total = self._evaluator.pictures + self._affordable() - self.plan.pictures_after
        total = max(self._evaluator.pictures, min(self._asked.picture_budget, total))
        self._evaluator.budget = max(total, self._evaluator.pictures + self._needed)
        return total - self._reserve

    def end_search(self, saved: int = 0) -> tuple[int, int]:
        """Settle how many pictures the whole study may take now that its search has ended, and return that."""
        done = self._clock.settled(_TOTAL)
        if done is None:
            # What an early end saved stays unspent; else all is there for the last stages, as without a time limit.
            rest = self._reserve if saved else self._asked.picture_budget - self._evaluator.pictures
            rest = max(self._needed, min(rest, self._affordable() - self.plan.pictures_after))
            done = self._evaluator.pictures + rest
            self._clock.settle(**{_SEARCHED: self._evaluator.pictures, _TOTAL: done, _SAVED: saved})
        self._evaluator.budget = done
        return done, self._clock.settled(_SAVED) or 0

    @property
    def _needed(self) -> int:
        """Pictures without which there is no outcome."""
        return self.plan.choice_pictures + 2 * len(self.plan.proof_seeds)

    @property
    def _reserve(self) -> int:
        return self.plan.picture_budget - self.plan.search_pictures

    def _affordable(self) -> int:
        """Count the pictures that fit into the time that is left."""
        return max(0, int((self._limit_s - self._clock.seconds) / self._picture_s()))

    def _picture_s(self) -> float:
        estimate = self._evaluator.pace.estimate()
        if estimate is None:  # resumed, and nothing has been drawn yet in this run
            return self._clock.picture_s
        self._clock.picture_s = estimate.seconds_per_picture
        return estimate.seconds_per_picture

    def _measured_budget(self) -> int:
        """Draw the first baseline pictures and count those that fit by how long they took."""
        seeds = self._asked.search_seeds[:_MEASURED_PICTURES]
        for start in range(0, len(seeds), _TRIAL_PIECE):
            self._evaluator.scores(BASELINE, seeds[start : start + _TRIAL_PIECE], "baseline", keep=True)
        affordable = self._evaluator.pictures + self._affordable()
        for pictures in range(min(self._asked.picture_budget, affordable), SMALLEST_BUDGET - 1, -1):
            if pictures + resized_plan(self._asked, pictures).pictures_after <= affordable:
                return pictures
        smallest = SMALLEST_BUDGET + resized_plan(self._asked, SMALLEST_BUDGET).pictures_after
        raise InvalidInputError(
            f"A picture takes {self._picture_s():.2g} s here, so {self._limit_s / 60:g} minutes prove nothing; "
            f"give at least {self._picture_s() * smallest / 60 + 0.1:.1f}."
        )
