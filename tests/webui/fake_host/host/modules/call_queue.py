"""The queue of all that wants to generate: first come, first served."""

import collections
import threading


class FirstComeLock:
    """A lock that wakes those who wait in the order in which they came; whoever comes anew may still be faster."""

    def __init__(self):
        self._held = threading.Lock()
        self._door = threading.Lock()
        self._waiting = collections.deque()

    def acquire(self, blocking=True):
        """Take the lock, waiting for it unless told otherwise; say whether it was taken."""
        with self._door:
            if self._held.acquire(False):
                return True
            if not blocking:
                return False
            woken = threading.Event()
            self._waiting.append(woken)
        woken.wait()
        return self._held.acquire()

    def release(self):
        """Give the lock back and wake whoever waited longest."""
        with self._door:
            if self._waiting:
                self._waiting.popleft().set()
            self._held.release()

    __enter__ = acquire

    def __exit__(self, *_):
        self.release()


queue_lock = FirstComeLock()
