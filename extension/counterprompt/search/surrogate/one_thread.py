"""Small matrices on one thread.

A numerical library shares even matrices of a hundred rows among all processors. Where these have other work, its
threads wait for each other far longer than the sum takes: 120 ms instead of 4 for one of 120 rows on two busy
processors. One thread also gives the same last digits whatever the machine's number of processors.
"""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from functools import lru_cache
from typing import Any


def one_thread() -> AbstractContextManager[Any]:
    """Let numpy's linear algebra use one thread while the `with` block runs, and as many as before afterwards.

    Where threadpoolctl is not installed nothing is changed.
    """
    controller = _controller()
    return nullcontext() if controller is None else controller.limit(limits=1, user_api="blas")


@lru_cache(maxsize=1)
def _controller() -> Any:
    """Look for the libraries once: that takes longer than what is saved by it."""
    import numpy  # noqa: F401  # its library must be loaded to be found

    try:
        from threadpoolctl import ThreadpoolController
    except ImportError:
        return None
    return ThreadpoolController()
