"""What our part of a host's page costs to build, in processor time inside the host.

A host's own timer has one line for its whole page, which differs by more from start to start than we take. Here only
what runs in our code counts. Pauses of Python's collector are taken off: they fall on whoever makes the next object,
and are those of everything that the host has loaded.
"""

import gc
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

_WATCHED = ("before_ui", "after_component", "ui_tabs", "ui_settings", "app_started")


@dataclass
class Cost:
    """What one kind of call took in all."""

    seconds: float = 0.0
    """Processor time, the collector's taken off."""
    calls: int = 0
    """How often it was called."""


class _Timed:
    """A callback whose time is taken; to the host, which looks callbacks up by what they are, it is the callback."""

    def __init__(self, run: Callable[..., Any], work: Callable[..., Any]) -> None:
        self._run = run
        self._work = work

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._run(*args, **kwargs)

    def __eq__(self, other: object) -> bool:
        return other is self or other is self._work

    __hash__ = None


class StartCost:
    """Takes the time of everything of ours that the host calls while it starts."""

    def __init__(self) -> None:
        self.costs = {kind: Cost() for kind in (*_WATCHED, "ui")}
        self._is_inside = False
        self._pauses = threading.local()
        gc.callbacks.append(self._hear_collector)

    def watch(self) -> None:
        """Take the time of our callbacks and scripts from here on; called before the host builds its page."""
        from modules import script_callbacks, scripts

        for kind, callbacks in script_callbacks.enumerate_callbacks():
            for each in callbacks if kind in _WATCHED else ():
                if _is_ours(each.callback):
                    each.callback = _Timed(self._timed(kind, each.callback), each.callback)
        for each in scripts.scripts_data:
            if any(_is_ours(base) for base in each.script_class.__mro__):
                each.script_class.ui = self._timed("ui", each.script_class.ui)

    def told(self) -> dict[str, dict[str, float]]:
        """Say what each kind of call has taken so far."""
        return {kind: {"milliseconds": 1000 * cost.seconds, "calls": cost.calls} for kind, cost in self.costs.items()}

    def _hear_collector(self, phase: str, _: Any) -> None:
        # It runs on the thread that made one object too many, and each thread's clock is its own.
        if phase == "start":
            self._pauses.began = time.thread_time()
        else:
            self._pauses.seconds = self._collected + time.thread_time() - self._pauses.began

    @property
    def _collected(self) -> float:
        """Seconds that the collector has taken of this thread."""
        return float(getattr(self._pauses, "seconds", 0.0))

    def _timed(self, kind: str, work: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(work)
        def run(*args: Any, **kwargs: Any) -> Any:
            if self._is_inside:  # what we build is told to us too: part of the building
                return work(*args, **kwargs)
            self._is_inside = True
            began = time.thread_time() - self._collected
            try:
                return work(*args, **kwargs)
            finally:
                self.costs[kind].seconds += time.thread_time() - self._collected - began
                self.costs[kind].calls += 1
                self._is_inside = False

        return run


def _is_ours(named: Any) -> bool:
    return str(getattr(named, "__module__", "")).split(".")[0] == "counterprompt"
