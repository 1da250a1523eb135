"""Whose turn it is on a host that generates in its main thread, as Forge does, before the fake host's queue."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from counterprompt.webui.capabilities import capabilities
from counterprompt.webui.turns import LentTurn
from tests.webui.fake_host.fake_host import hosted


@dataclass
class _Task:
    """Work that was handed to the main thread."""

    work: Callable[[], None]


class _ForgesMainThread(ModuleType):
    """Does one after another, in a thread that says it is the main one, what other threads hand to it."""

    def __init__(self) -> None:
        super().__init__("modules_forge.main_thread")
        self.lock = threading.Lock()
        self.waiting_list: list[_Task] = []
        self.finished_list: list[_Task] = []
        self.thread = threading.Thread(target=self._loop, daemon=True)
        self.is_over = False

    def run_and_wait_result(self, work: Callable[[], None]) -> None:
        """Let the main thread do *work* and wait for its end."""
        task = _Task(work)
        self.waiting_list.append(task)
        while not any(each is task for each in self.finished_list) and not self.is_over:
            time.sleep(0.002)

    def _loop(self) -> None:
        while not self.is_over:
            if self.waiting_list:
                task = self.waiting_list.pop(0)
                task.work()
                self.finished_list.append(task)
            time.sleep(0.002)


@pytest.fixture
def generate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Callable[[], None]], Any]]:
    """Give what presses Generate: *work* is done in the main thread, when it has its turn in the queue."""
    monkeypatch.setenv("COUNTERPROMPT_DATA", str(tmp_path / "data"))
    with hosted(tmp_path):
        from modules import call_queue

        forge = ModuleType("modules_forge")
        forge.main_thread = main = _ForgesMainThread()  # type: ignore[attr-defined]  # a host's module
        forge.__path__ = []
        monkeypatch.setitem(sys.modules, "modules_forge", forge)
        monkeypatch.setitem(sys.modules, "modules_forge.main_thread", main)
        monkeypatch.setattr("counterprompt.webui.capabilities._is_there", lambda name: name == main.__name__)
        monkeypatch.setattr(threading, "main_thread", lambda: main.thread)
        capabilities.cache_clear()
        main.thread.start()

        def press(work: Callable[[], None]) -> threading.Thread:
            def run() -> None:
                with call_queue.queue_lock:
                    main.run_and_wait_result(work)

            pressed = threading.Thread(target=run, daemon=True)
            pressed.start()
            return pressed

        yield press
        main.is_over = True


def _study(drawn: list[str], name: str, batches: int, first_drawn: threading.Event | None = None) -> Callable[[], None]:
    """Return a study in Generate that draws so many batches."""

    def run() -> None:
        turn = LentTurn()
        for _ in range(batches):
            turn.take(lambda: drawn.append(name))
            if first_drawn is not None:
                first_drawn.set()
                time.sleep(0.01)

    return run


def test_two_studies_in_generate_come_to_their_ends(generate: Callable[[Callable[[], None]], Any]) -> None:
    """One that begins while another lends its turn ends first; the main thread waits for neither for ever."""
    drawn, begun = list[str](), threading.Event()
    first = generate(_study(drawn, "first", 6, begun))
    assert begun.wait(5)
    second = generate(_study(drawn, "second", 4))
    for each in (second, first):
        each.join(10)

    assert {"first": 6, "second": 4} == {name: drawn.count(name) for name in ("first", "second")}


def test_who_waits_is_served_between_two_batches_of_a_study_within_a_study(
    generate: Callable[[Callable[[], None]], Any],
) -> None:
    """A picture that somebody wants meanwhile is drawn before either study has ended."""
    drawn, begun, again = list[str](), threading.Event(), threading.Event()
    first = generate(_study(drawn, "first", 40, begun))
    assert begun.wait(5)
    second = generate(_study(drawn, "second", 40, again))
    assert again.wait(5)
    third = generate(lambda: drawn.append("picture"))
    third.join(10)
    place = drawn.index("picture")
    for each in (second, first):
        each.join(20)

    assert 0 < place < 79
    assert 81 == len(drawn)
    assert "second" in drawn[place:]
