"""Progress of many jobs at once: one bar for all of them."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from counterprompt.cli.progress import TerminalProgress


class CrowdProgress:
    """Joins what the studies of many jobs say; *stop* ends them all.

    Args:
        progress: shows it.
        budgets: name of every job and its pictures.
    """

    def __init__(self, progress: TerminalProgress, budgets: Mapping[str, int]) -> None:
        self.stop = threading.Event()
        self._progress = progress
        self._budgets = dict(budgets)
        self._done: dict[str, int] = {}
        self._lock = threading.Lock()

    def of(self, job: str) -> JobListener:
        """Return who hears of *job*."""
        return JobListener(self, job)

    def advance(self, job: str, stage: str, done: int, note: str) -> None:
        """Show that *job* is at *stage*, *done* pictures far."""
        with self._lock:
            self._done[job] = min(done, self._budgets[job])
            told = f"{job}: {stage}{f', {note}' if note else ''}"
            self._progress.advance("jobs", sum(self._done.values()), sum(self._budgets.values()), told)


class JobListener:
    """Implements `ports.ProgressListener` for one of many jobs."""

    def __init__(self, crowd: CrowdProgress, job: str) -> None:
        self._crowd = crowd
        self._job = job

    def advance(self, stage: str, done: int, total: int, note: str = "") -> None:
        """Pass it on."""
        self._crowd.advance(self._job, stage, done, note)

    def is_stop_requested(self) -> bool:
        """Whether the jobs are to end."""
        return self._crowd.stop.is_set()
