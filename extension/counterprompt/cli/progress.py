"""Progress on standard error: a bar with the time left in a terminal, a line now and then elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import TYPE_CHECKING

from counterprompt.report.plain_text import without_controls

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from counterprompt.search.pace import PaceEstimate

_SECONDS_BETWEEN_LINES = 10.0


class TerminalProgress:
    """Implements `ports.ProgressListener` with rich; use it in a `with` statement.

    It never asks to stop: Ctrl-C does.
    """

    def __init__(self) -> None:
        self._progress: Progress | None = None
        self._tasks: dict[int, TaskID] = {}
        self._started: dict[str, float] = {}
        self._last_line = 0.0
        self._done = self._total = 0
        self._pace: PaceEstimate | None = None

    def __enter__(self) -> TerminalProgress:
        if sys.stderr.isatty():
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

            self._progress = Progress(
                TextColumn("{task.description:<14}"),
                BarColumn(),
                MofNCompleteColumn(),
                TimeRemainingColumn(),
                TextColumn("{task.fields[note]}", style="green", markup=False),
                console=Console(stderr=True),
            )
            self._progress.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._progress is not None:
            self._progress.stop()

    def advance(self, stage: str, done: int, total: int, note: str = "") -> None:
        """Show that *done* of *total* pieces of *stage* are finished."""
        if self._progress is None:
            self._write_line(stage, done, total, note)
            return
        # Stages that share one total are one piece of work, such as a study's: one bar, whose name changes. So is work
        # whose total changes while it goes on.
        if total not in self._tasks and self._total in self._tasks and 0 < self._done <= done:
            self._tasks[total] = self._tasks.pop(self._total)
        if total not in self._tasks:
            self._tasks[total] = self._progress.add_task(stage, total=total, completed=done, note=note)
        self._done, self._total = done, total
        self._progress.update(self._tasks[total], completed=done, total=total, description=stage, note=note)

    def hear_pace(self, estimate: PaceEstimate) -> None:
        """Say how long a study takes when that is first known; later estimates only correct the time left."""
        if self._pace is None:
            self.say(estimate.sentence)
        self._pace = estimate

    def is_stop_requested(self) -> bool:
        """Never: Ctrl-C interrupts at once, and everything recorded is kept."""
        return False

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Keep the bar still while the `with` block runs, so that somebody can be asked."""
        if self._progress is not None:
            self._progress.stop()
        try:
            yield
        finally:
            if self._progress is not None:
                self._progress.start()

    def say(self, *sentences: str) -> None:
        """Show each sentence above the bar; control characters become visible, for some hold text from strangers."""
        for sentence in map(without_controls, sentences):
            if self._progress is None:
                sys.stderr.write(sentence + "\n")
            else:
                self._progress.console.print(sentence, markup=False, highlight=False)

    def _write_line(self, stage: str, done: int, total: int, note: str) -> None:
        now = time.monotonic()
        is_first = stage not in self._started
        started = self._started.setdefault(stage, now)
        if now - self._last_line < _SECONDS_BETWEEN_LINES and done < total and not is_first:
            return
        self._last_line = now
        left_s = (now - started) * (total - done) / max(1, done)
        if self._pace is not None:
            left_s = self._pace.seconds_per_picture * (total - done)
        left = "" if (is_first and self._pace is None) or not done else f", {left_s:.0f} s left"
        sys.stderr.write(f"{stage}: {done} of {total}{left}{f', {note}' if note else ''}\n")
