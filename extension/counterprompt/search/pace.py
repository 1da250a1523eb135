"""How fast pictures come, measured while a study runs, and how long the rest will take."""

from __future__ import annotations

import time
from collections import deque
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from counterprompt.ports import ProgressListener
    from counterprompt.search.source import Measured

RECENT_PICTURES = 16
"""The pace is that of so many pictures, the last ones: cards get hot, other programs come and go."""


@dataclass(frozen=True)
class PaceEstimate:
    """How long a study takes here."""

    seconds_per_picture: float
    """From one picture to the next, with everything between them."""
    drawing_s: float
    """Seconds of that for drawing; 0 where others draw."""
    scoring_s: float
    """Seconds of that for scoring; 0 where others score."""
    pictures_left: int
    """Most pictures that are still to come."""
    minutes: float | None = None
    """The time that the study was given, or None where pictures alone are counted."""

    @property
    def seconds_left(self) -> float:
        """How long these take."""
        return self.seconds_per_picture * self.pictures_left

    @property
    def sentence(self) -> str:
        """The estimate in plain words."""
        parts = f" ({self.drawing_s:.2g} s drawing, {self.scoring_s:.2g} s scoring)" if self.drawing_s else ""
        rest = f"{self.pictures_left} more pictures, {spoken_time(self.seconds_left)}"
        return f"A picture takes {self.seconds_per_picture:.2g} s here{parts}: at most {rest}."


@runtime_checkable
class PaceListener(Protocol):
    """A progress listener that also wants to know how long the study will take."""

    def hear_pace(self, estimate: PaceEstimate) -> None:
        """Hear the first *estimate* when the baseline has been drawn, and a new one with each batch from then on."""
        ...


class PaceMeter:
    """Measures the time between pictures, and tells it to a listener that wants to know.

    The first batch counts only while there is no other: models load and kernels are chosen while it is drawn.

    Args:
        progress: hears of the pace if it is a `PaceListener`.
        clock: tells seconds; by default the machine's own.
    """

    def __init__(self, progress: ProgressListener, clock: Callable[[], float] | None = None) -> None:
        self.minutes: float | None = None
        """The time that the study was given, or None."""
        self._listener = progress if isinstance(progress, PaceListener) else None
        self._clock = clock or time.monotonic
        self._stood_still = 0.0
        self._last = self.clock()
        self._batches: deque[_Batch] = deque()
        self._has_warmed_up = self._is_told = False

    def clock(self) -> float:
        """Tell the seconds, but for those in which the study waited for somebody."""
        return self._clock() - self._stood_still

    @contextmanager
    def standing_still(self) -> Iterator[None]:
        """Leave the time of the `with` block out, in which somebody is asked: it is no time of the study's."""
        began = self._clock()
        try:
            yield
        finally:
            self._stood_still += self._clock() - began

    def note(self, measured: Sequence[Measured], pictures_left: int) -> None:
        """Note that the pictures *measured* have just come, and that at most so many are left."""
        pictures = sum(len(each.requests) for each in measured)
        if not pictures:
            return
        if self._batches and not self._has_warmed_up:
            self._batches.clear()
            self._has_warmed_up = True
        now = self.clock()
        drawing, scoring = sum(each.drawing_s for each in measured), sum(each.scoring_s for each in measured)
        self._batches.append(_Batch(pictures, now - self._last, drawing, scoring))
        self._last = now
        while sum(batch.pictures for batch in self._batches) - self._batches[0].pictures >= RECENT_PICTURES:
            self._batches.popleft()
        if self._is_told:
            self.tell(pictures_left - pictures)

    def tell(self, pictures_left: int) -> None:
        """Tell the listener; from now on it hears of every batch."""
        self._is_told = True
        estimate = self.estimate(pictures_left)
        if self._listener is not None and estimate is not None:
            self._listener.hear_pace(estimate)

    def estimate(self, pictures_left: int = 0) -> PaceEstimate | None:
        """Return the estimate for *pictures_left*; None before the first picture has come."""
        pictures = sum(batch.pictures for batch in self._batches)
        if not pictures:
            return None
        return PaceEstimate(
            max(1e-6, sum(batch.seconds for batch in self._batches) / pictures),
            sum(batch.drawing_s for batch in self._batches) / pictures,
            sum(batch.scoring_s for batch in self._batches) / pictures,
            max(0, pictures_left),
            self.minutes,
        )


class _Batch(NamedTuple):
    pictures: int
    seconds: float
    drawing_s: float
    scoring_s: float


def spoken_time(seconds: float) -> str:
    """Say so many *seconds* roughly: "40 s", "12 minutes", "3.5 hours"."""
    if seconds < 90:
        return f"about {seconds:.0f} s"
    return f"about {seconds / 60:.0f} minutes" if seconds < 5400 else f"about {seconds / 3600:.1f} hours"
