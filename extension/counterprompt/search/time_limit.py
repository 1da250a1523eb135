"""A budget in minutes: what it comes to in pictures, corrected while the study runs, with enough kept for the proof.

What was settled by the clock is written into the study's folder, so that a study that is resumed goes on with the time
that is left, and one whose search has ended ends in the same way again.
"""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

from counterprompt.errors import InvalidInputError
from counterprompt.search.candidate import BASELINE
from counterprompt.search.folder import write_json
from counterprompt.search.plan import SMALLEST_BUDGET, resized_plan

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from counterprompt.search.evaluation import Evaluator
    from counterprompt.search.plan import StudyPlan

PACE_FILE = "pace.json"
"""What the clock has settled, in the study's folder."""

_TRIAL_PIECE = 2
"""Pictures are measured by so many, as the search will ask for them."""

_MEASURED_PICTURES = 4
"""The fewest search seeds that a plan may have; the first of them warm the generator up."""

_SECONDS_BETWEEN_NOTES = 1.0


class StudyClock:
    """How long a study has run, all its runs together, and what was settled by that."""

    def __init__(self, folder: Path, clock: Callable[[], float] = time.monotonic) -> None:
        """Go on where the last run in *folder* was.

        Raises:
            InvalidInputError: what that run noted is damaged.
        """
        self._path = folder / PACE_FILE
        self._clock = clock
        self.picture_s = 1.0
        """Seconds for a picture, as last measured."""
        self._started = clock()
        self._noted_at = self._started
        self._values: dict[str, Any] = {"seconds": 0.0, "picture_s": 1.0}
        try:
            self._values.update(json.loads(self._path.read_text(encoding="utf-8")))
            self._before = float(self._values["seconds"])
            self.picture_s = float(self._values["picture_s"])
        except FileNotFoundError:
            self._before, self.picture_s = 0.0, 1.0
        except (OSError, ValueError, TypeError) as error:
            raise InvalidInputError(f"{self._path} is damaged; delete it: the study begins with its whole time.") from error

    @property
    def seconds(self) -> float:
        """How long the study has run."""
        return self._before + self._clock() - self._started

    def settled(self, name: str) -> int | None:
        """Return the number that was settled as *name*, or None."""
        found = self._values.get(name)
        return None if found is None else int(found)

    def settle(self, **numbers: int) -> None:
        """Settle *numbers* once and for all."""
        self._values.update(numbers)
        self._write()

    def note(self) -> None:
        """Note the time that has passed, now and then."""
        if self._clock() - self._noted_at >= _SECONDS_BETWEEN_NOTES:
            self._write()

    def _write(self) -> None:
        self._noted_at = self._clock()
        write_json(self._path, {**self._values, "seconds": round(self.seconds, 1), "picture_s": self.picture_s})


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
        self.plan = plan
        """The plan, cut down to what the time allows; final after `fit`."""

    def fit(self) -> StudyPlan:
        """Draw the first baseline pictures and split the time by how long they take; return the plan that fits.

        Raises:
            InvalidInputError: nothing could be proven in that time.
            StoppedError: the listener asked to stop.
        """
        pictures = self._clock.settled("fitted")
        if pictures is None:
            for start in range(0, _MEASURED_PICTURES, _TRIAL_PIECE):
                seeds = self._asked.search_seeds[:_MEASURED_PICTURES][start : start + _TRIAL_PIECE]
                self._evaluator.scores(BASELINE, seeds, "baseline", keep=True)
            pictures = self._affordable_budget()
            self._clock.settle(fitted=pictures)
        self.plan = resized_plan(self._asked, pictures)
        self._evaluator.budget = self.plan.picture_budget
        return self.plan

    def search_pictures(self) -> int:
        """Say how many pictures, the baseline's included, the search may go up to by now."""
        done = self._clock.settled("search")
        if done is not None:
            return done
        self._clock.note()
        total = self._evaluator.pictures + self._affordable() - self._after
        total = max(self._evaluator.pictures, min(self._asked.picture_budget, total))
        self._evaluator.budget = max(total, self._evaluator.pictures + self._needed)
        return total - self._reserve

    def end_search(self) -> int:
        """Settle how many pictures the whole study may take now that its search has ended, and return that."""
        done = self._clock.settled("total")
        if done is None:
            rest = max(self._needed, min(self._reserve, self._affordable() - self._after))
            done = self._evaluator.pictures + rest
            self._clock.settle(search=self._evaluator.pictures, total=done)
        self._evaluator.budget = done
        return done

    @property
    def _needed(self) -> int:
        """Pictures without which there is no outcome."""
        return self.plan.choice_pictures + 2 * len(self.plan.proof_seeds)

    @property
    def _reserve(self) -> int:
        return self.plan.picture_budget - self.plan.search_pictures

    @property
    def _after(self) -> int:
        return self.plan.pictures_after

    def _affordable(self) -> int:
        """Count the pictures that fit into the time that is left."""
        return max(0, int((self._limit_s - self._clock.seconds) / self._picture_s()))

    def _picture_s(self) -> float:
        estimate = self._evaluator.pace.estimate()
        if estimate is None:  # resumed, and nothing has been drawn yet in this run
            return self._clock.picture_s
        self._clock.picture_s = estimate.seconds_per_picture
        return estimate.seconds_per_picture

    def _affordable_budget(self) -> int:
        affordable = self._evaluator.pictures + self._affordable()
        for pictures in range(min(self._asked.picture_budget, affordable), SMALLEST_BUDGET - 1, -1):
            if pictures + resized_plan(self._asked, pictures).pictures_after <= affordable:
                return pictures
        smallest = SMALLEST_BUDGET + resized_plan(self._asked, SMALLEST_BUDGET).pictures_after
        raise InvalidInputError(
            f"A picture takes {self._picture_s():.2g} s here, so {self._limit_s / 60:g} minutes prove nothing; "
            f"give at least {self._picture_s() * smallest / 60 + 0.1:.1f}."
        )
