"""Small matrices on one thread."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from counterprompt.search.surrogate import one_thread as module
from counterprompt.search.surrogate.one_thread import one_thread


@pytest.fixture(autouse=True)
def looked_anew() -> Iterator[None]:
    """Let every test look for the libraries itself."""
    module._controller.cache_clear()
    yield
    module._controller.cache_clear()


def _threads() -> set[int]:
    return {library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"}


def test_one_thread_inside_and_as_many_as_before_afterwards():
    """Within the block linear algebra has one thread; afterwards it has those that it had."""
    with threadpool_limits(2, "blas"):
        before = _threads()
        with one_thread():
            inside = _threads()

        assert ({1}, before) == (inside, _threads())


def test_nothing_changes_without_the_package(monkeypatch: pytest.MonkeyPatch):
    """Where threadpoolctl is not installed, work goes on with as many threads as ever."""
    monkeypatch.setitem(sys.modules, "threadpoolctl", None)
    before = _threads()

    with one_thread():
        assert before == _threads()
