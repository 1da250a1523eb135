"""Several pieces of work at once."""

import threading
import time

import pytest

from counterprompt.workflow.job_crowd import run_at_once


def test_so_many_run_at_once_and_all_are_done():
    """Never more than three at a time, three at some time, in the order in which they stand."""
    running, most, begun, lock = 0, 0, [], threading.Lock()

    def work(at: int) -> bool:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
            begun.append(at)
        time.sleep(0.02)
        with lock:
            running -= 1
        return True

    assert run_at_once([lambda at=at: work(at) for at in range(12)], 3, threading.Event())
    assert 3 == most
    assert sorted(begun) == list(range(12))


def test_a_stop_ends_all():
    """One that returns False stops those that run beside it, and no other begins."""
    stop, begun = threading.Event(), []

    def stopped() -> bool:
        begun.append("stopped")
        return False

    def long() -> bool:
        begun.append("long")
        return not stop.wait(20)

    assert not run_at_once([long, stopped, long, long], 2, stop)
    assert 2 == begun.count("long") + begun.count("stopped")


def test_an_error_is_not_swallowed():
    """What a piece raises comes out, and the others are told to stop."""
    stop = threading.Event()

    def broken() -> bool:
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        run_at_once([lambda: stop.wait(20), broken], 2, stop)
    assert stop.is_set()
