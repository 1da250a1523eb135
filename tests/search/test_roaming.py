"""One worker of many studies."""

from __future__ import annotations

import importlib.util
from dataclasses import replace
from pathlib import Path

import pytest

from counterprompt.errors import GeneratorError, InvalidInputError, MissingModelError
from counterprompt.generation.fake import FakeGenerator, FakeScorer
from counterprompt.ports import GenerationRequest
from counterprompt.search.orders import Order
from counterprompt.search.roaming import LOOK_S, RoamingWorker
from counterprompt.search.worker import Worker

spec = importlib.util.spec_from_file_location("crew_parts", Path(__file__).with_name("crew_parts.py"))
crew_parts = importlib.util.module_from_spec(spec)
spec.loader.exec_module(crew_parts)

ORDER = Order(GenerationRequest("a house", "", 0, width=32, height=32), (0, 1, 2), keep=False)


class Log:
    """Keeps what is said."""

    def __init__(self) -> None:
        self.notes: list[str] = []

    def advance(self, stage: str, done: int, total: int, note: str = "") -> None:
        """Keep *note*."""
        self.notes += [note] if note else []

    def is_stop_requested(self) -> bool:
        """Never."""
        return False


class Town:
    """An agency over queues in one storage, with a clock that every pause moves on."""

    def __init__(self) -> None:
        from optuna.storages import InMemoryStorage

        self.storage = InMemoryStorage()
        self.queues: dict = {}
        self.log = Log()
        self.is_over = False
        self.now = 0.0
        self.later: list = []
        self.generator: FakeGenerator = FakeGenerator()

    def add(self, name: str, orders: int, **terms):
        """Open the queue of study *name* with so many orders."""
        queue = self.queues[name] = crew_parts.make_queue(
            self.storage, name, replace(crew_parts.TERMS, plan=name, **terms)
        )
        queue.put([replace(ORDER, seeds=(seed, seed + 1)) for seed in range(0, 2 * orders, 2)])
        return queue

    def open_studies(self) -> list[str]:
        """Name the open ones."""
        return [name for name, queue in self.queues.items() if crew_parts.join_queue(self.storage, name).is_open]

    def hire(self, study: str) -> Worker:
        """Make a worker."""
        queue = crew_parts.join_queue(self.storage, study)
        return Worker(queue, self.generator, FakeScorer(), self.log, model="fake")

    def pause(self, seconds: float) -> None:
        """Let time pass, and what comes later happen."""
        self.now += max(seconds, 0.5)
        if self.later:
            self.later.pop(0)()

    def worker(self, **options) -> RoamingWorker:
        """Make the worker of this town."""
        return RoamingWorker(self, self.log, clock=lambda: self.now, pause=self.pause, **options)


@pytest.fixture
def town() -> Town:
    """An empty town."""
    return Town()


def test_every_study_is_served_until_all_is_over(town: Town):
    """Orders of two studies, and of a third that begins later, are all done; then the worker goes home."""
    first, second = town.add("one", 3), town.add("two", 2)

    def begin_third() -> None:
        first.close(), second.close()
        town.add("three", 1)

    def end() -> None:
        town.queues["three"].close()
        town.is_over = True

    waits = int(LOOK_S / 0.5) + 1
    town.later = [begin_third, *[lambda: None] * waits, end]

    assert 2 * (3 + 2 + 1) == town.worker().run()


def test_a_study_that_does_not_suit_is_left_to_others(town: Town):
    """Another scorer or checkpoint is told once, and the rest is served."""
    town.add("other", 2, scorer="somebody else")
    town.add("mine", 2)

    assert 4 == town.worker(idle_s=30).run()
    assert 1 == sum("other is left to others" in note for note in town.log.notes)


def test_a_study_whose_model_is_not_here_is_left_to_others(town: Town):
    """What it scores with is named once, and the rest is served."""
    town.add("lacking", 2)
    town.add("mine", 2)
    hire = town.hire

    def hire_or_refuse(study: str) -> Worker:
        if study == "lacking":
            raise MissingModelError("The weights of HPSv2.1 are not on this machine.")
        return hire(study)

    town.hire = hire_or_refuse

    assert 4 == town.worker(idle_s=30).run()
    assert ["lacking is left to others: The weights of HPSv2.1 are not on this machine."] == [
        note for note in town.log.notes if note
    ]


def test_three_faults_lose_one_study_only(town: Town):
    """What cannot be drawn for one study is left to others; the worker stays for the rest."""

    class Picky(FakeGenerator):
        def generate(self, requests):
            if requests[0].prompt == "bad":
                raise GeneratorError("No such LoRA.")
            return super().generate(requests)

    town.generator = Picky()
    bad = town.add("bad", 0)
    bad.put([replace(ORDER, request=replace(ORDER.request, prompt="bad"), seeds=(seed,)) for seed in range(5)])
    town.add("good", 3)

    assert 6 == town.worker(idle_s=30).run()
    assert any("bad is left to others: No such LoRA." in note for note in town.log.notes)


def test_without_work_it_waits_or_leaves(town: Town):
    """With a limit to idleness it ends by itself; a study that is gone meanwhile is no fault."""
    town.add("one", 1)
    town.hire = lambda study: (_ for _ in ()).throw(InvalidInputError("gone"))

    assert 0 == town.worker(idle_s=5).run()
    assert 5 < town.now < 30
