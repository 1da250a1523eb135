"""One worker of many studies: it goes where an order waits."""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING, Protocol

from counterprompt.errors import CounterpromptError, InvalidInputError, MissingModelError
from counterprompt.search.worker import STAGE, Patience

if TYPE_CHECKING:
    from collections.abc import Callable

    from counterprompt.ports import ProgressListener
    from counterprompt.search.worker import Worker

LOOK_S = 3.0
"""Seconds after which a worker looks for studies that have begun since."""


class Agency(Protocol):
    """Knows where there is work."""

    def open_studies(self) -> list[str]:
        """Name the studies that have not ended."""
        ...

    def hire(self, study: str) -> Worker:
        """Return a worker for *study*.

        Raises:
            InvalidInputError: it is drawn or scored by something else, or has gone.
            MissingModelError: it is scored with something that is not here.
        """
        ...

    @property
    def is_over(self) -> bool:
        """Whether no study will follow."""
        ...


class RoamingWorker:
    """Works for every study that it suits, one order at a time, now here, now there."""

    def __init__(
        self,
        agency: Agency,
        progress: ProgressListener,
        *,
        idle_s: float | None = None,
        clock: Callable[[], float] = time.monotonic,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        """Make ready.

        Args:
            agency: knows the studies.
            progress: hears of every batch and of studies that are left aside, and may ask to stop.
            idle_s: seconds without an order after which it ends; None: only when all is over.
            clock: tells seconds.
            pause: waits for so many seconds.
        """
        self._agency = agency
        self._progress = progress
        self._idle_s = idle_s
        self._clock = clock
        self._pause = pause
        self._workers: dict[str, Worker] = {}
        self._unfit: set[str] = set()
        self._looked_at: float | None = None

    def run(self) -> int:
        """Work until nothing will follow, or *progress* asks to stop; return how many pictures were handed in.

        Raises:
            GeneratorError: the storage does not answer.
        """
        pictures, patience, busy_at = 0, Patience(), self._clock()
        while not self._progress.is_stop_requested():
            self._look_around()
            done = self._work_somewhere()
            if done is not None:
                pictures += done
                patience, busy_at = Patience(), self._clock()
                continue
            is_idle = self._idle_s is not None and self._clock() - busy_at > self._idle_s
            if is_idle or (not self._workers and self._agency.is_over):
                break
            self._pause(patience.next_s())
        return pictures

    def _work_somewhere(self) -> int | None:
        """Do one order of any study; return how many pictures it had, None where none waits."""
        for name in random.sample(list(self._workers), len(self._workers)):
            worker = self._workers[name]
            try:
                done = worker.step()
            except CounterpromptError as error:
                self._leave_aside(name, str(error))
                continue
            if done is not None:
                return done
            if not worker.is_wanted:
                del self._workers[name]
        return None

    def _look_around(self) -> None:
        now = self._clock()
        if self._looked_at is not None and now - self._looked_at < LOOK_S:
            return
        self._looked_at = now
        for name in self._agency.open_studies():
            if name not in self._workers and name not in self._unfit:
                try:
                    self._workers[name] = self._agency.hire(name)
                except (InvalidInputError, MissingModelError) as error:
                    self._leave_aside(name, str(error))

    def _leave_aside(self, name: str, why: str) -> None:
        self._workers.pop(name, None)
        self._unfit.add(name)
        self._progress.advance(STAGE, 0, 0, f"{name} is left to others: {why}")
