"""Whose turn it is to generate: the host's queue, its main thread, and its state (HOSTS.md 2.9, 2.10)."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from counterprompt.webui.capabilities import capabilities

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

T = TypeVar("T")

COURTESY_S = 0.01
"""Seconds between giving the turn up and asking for it again: whoever was woken must come first."""

JOB = "counterprompt"
"""What the host calls our work in its state."""


class Turn(Protocol):
    """Lets one batch be generated when it is our turn."""

    def take(self, work: Callable[[], T]) -> T:
        """Do *work* when it is our turn, return what it returns and let others have theirs."""
        ...


class QueuedTurn:
    """Waits in the host's queue for every batch, as if each were a generation of its own; for background work."""

    def take(self, work: Callable[[], T]) -> T:
        """Do *work* as the host does a generation; raises what it raises."""
        from modules import shared
        from modules.call_queue import queue_lock

        time.sleep(COURTESY_S)
        with queue_lock:
            shared.state.begin(job=JOB)
            try:
                return in_main_thread(work)
            finally:
                shared.state.end()
                shared.state.skipped = shared.state.interrupted = False
                if hasattr(shared.state, "stopping_generation"):
                    shared.state.stopping_generation = False
                shared.total_tqdm.clear()


class LentTurn:
    """For a Script that runs inside a generation, whose turn it has: between batches it lets the others go first."""

    def __init__(self) -> None:
        self._is_first = True

    def take(self, work: Callable[[], T]) -> T:
        """Do *work*; before every batch but the first, whoever waits is served."""
        if not self._is_first:
            self._lend()
        self._is_first = False
        return work()

    def _lend(self) -> None:
        from modules.call_queue import queue_lock

        with _own_state_kept():
            queue_lock.release()
            time.sleep(COURTESY_S)
            if capabilities().has_main_thread and threading.current_thread() is threading.main_thread():
                _acquire_while_serving(queue_lock)
            else:
                queue_lock.acquire()


def in_main_thread(work: Callable[[], T]) -> T:
    """Do *work* in the thread where this host generates, and return or raise what it does."""
    if not capabilities().has_main_thread or threading.current_thread() is threading.main_thread():
        return work()
    from modules_forge import main_thread

    outcome = main_thread.run_and_wait_result(_caught, work)  # it would swallow an exception
    if outcome[1] is not None:
        raise outcome[1]
    value: T = outcome[0]
    return value


def _caught(work: Callable[[], T]) -> tuple[T | None, BaseException | None]:
    try:
        return work(), None
    except Exception as error:
        return None, error


@contextmanager
def _own_state_kept() -> Iterator[None]:
    """Another generation begins a job of its own; afterwards ours goes on with its flags, counts and progress bar."""
    from modules import progress, shared

    state = dict(vars(shared.state))
    task = progress.current_task
    yield
    if shared.state.time_start != state.get("time_start"):
        vars(shared.state).update(state)
        progress.current_task = task


def _acquire_while_serving(lock: Any) -> None:
    """Wait for *lock* in the main thread, doing there what those in front have handed to it.

    That may be a study which lends its turn in its own right: until it has ended this one cannot go on, so a lock that
    falls to it meanwhile is passed on to whoever waits behind.
    """
    from modules_forge import main_thread

    acquired, serving = threading.Event(), threading.Lock()

    def wait() -> None:
        lock.acquire()
        while not serving.acquire(blocking=False):
            lock.release()
            time.sleep(COURTESY_S)
            lock.acquire()
        acquired.set()  # *serving* is kept: nobody is served any more

    threading.Thread(target=wait, daemon=True).start()
    while not acquired.wait(COURTESY_S):
        if main_thread.waiting_list and serving.acquire(blocking=False):
            _serve_next(main_thread, serving)


def _serve_next(main_thread: Any, serving: threading.Lock) -> None:
    with main_thread.lock:
        task = main_thread.waiting_list.pop(0)
    try:
        task.work()
    finally:
        serving.release()  # before whoever waits for the task hears of its end and gives the queue's lock back
        with main_thread.lock:
            main_thread.finished_list.append(task)
