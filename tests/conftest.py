"""What every test may ask for."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest

_REFERENCE_SECONDS = 0.012
"""Processor time of `_reference_work` on the machine that the tests' bounds were written on, when it is idle."""


def _reference_work() -> float:
    """Processor time of a fixed piece of work: what this machine makes of a second, just now."""
    started = time.thread_time()
    words: dict[str, int] = {}
    for number in range(40_000):
        words[str(number % 1000)] = number
    return time.thread_time() - started


@contextmanager
def _in_time(seconds: float) -> Iterator[None]:
    collecting = gc.isenabled()
    gc.disable()  # a full collection walks all that earlier tests left behind, which is none of what is timed
    try:
        before = _reference_work()
        started = time.thread_time()
        yield
        spent = time.thread_time() - started
        pace = max(1.0, max(before, _reference_work()) / _REFERENCE_SECONDS)
    finally:
        if collecting:
            gc.enable()
    assert spent <= seconds * pace, f"took {spent:.3f} s on a machine at {1 / pace:.2f} of the usual pace"


@pytest.fixture
def in_time() -> Callable[[float], AbstractContextManager[None]]:
    """Opens a block that fails when it takes more seconds of processor time, with allowance for a slow machine."""
    return _in_time
