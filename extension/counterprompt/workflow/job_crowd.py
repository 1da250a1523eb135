"""Several jobs at once, each in a thread of its own that mostly waits for workers."""

from __future__ import annotations

import threading
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_LOOK_S = 0.3
"""Seconds between looks whether somebody pressed Ctrl-C."""


def run_at_once(work: Sequence[Callable[[], bool]], at_once: int, stop: threading.Event) -> bool:
    """Run every piece of *work*, so many *at_once*, until one returns False or *stop* is set; say whether all ran.

    After that no more begin, and those that run are waited for: *stop* is set, which they are to heed; Ctrl-C sets it
    too.
    """
    waiting = list(reversed(work))
    running: set[Future[bool]] = set()
    with ThreadPoolExecutor(at_once) as pool:
        try:
            while (waiting and not stop.is_set()) or running:
                while waiting and len(running) < at_once and not stop.is_set():
                    running.add(pool.submit(waiting.pop()))
                done, running = wait(running, timeout=_LOOK_S, return_when=FIRST_COMPLETED)
                if not all(each.result() for each in done):
                    stop.set()
        except BaseException:
            stop.set()
            raise
    return not stop.is_set()
