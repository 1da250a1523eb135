"""The orders of a study in a database: each is taken by one worker, and none is lost."""

import importlib.util
import threading
from dataclasses import replace
from pathlib import Path

import optuna
import pytest

from counterprompt.errors import InvalidInputError
from counterprompt.generation.fake import FakeGenerator, FakeScorer
from counterprompt.ports import GenerationRequest
from counterprompt.search.orders import Order
from counterprompt.search.source import Measured
from counterprompt.search.storage import open_storage
from counterprompt.search.work_queue import WorkQueue

spec = importlib.util.spec_from_file_location("crew_parts", Path(__file__).with_name("crew_parts.py"))
crew_parts = importlib.util.module_from_spec(spec)
spec.loader.exec_module(crew_parts)

ORDER = Order(GenerationRequest("a house", "", 5, width=32, height=32), (5, 9), keep=True)


@pytest.fixture
def url(tmp_path: Path) -> str:
    """A database of its own."""
    return crew_parts.storage_url(tmp_path)


@pytest.fixture
def storage():
    """A storage in memory, which threads can share."""
    from optuna.storages import InMemoryStorage

    return InMemoryStorage()


@pytest.fixture
def queue(storage) -> WorkQueue:
    """The coordinator's queue."""
    return crew_parts.make_queue(storage)


def measured(order: Order = ORDER) -> Measured:
    """What a worker would hand in."""
    images = FakeGenerator().generate(order.requests)
    return Measured(order.requests, tuple(FakeScorer().score(images, "")), tuple(images))


def test_an_order_comes_back_with_scores_and_pictures(url: str):
    """What one worker hands in the coordinator reads from a file to the last digit, pictures to the last pixel."""
    queue = crew_parts.make_queue(url)
    queue.put([ORDER])
    worker = crew_parts.join_queue(url)
    number, order = worker.take()
    given = measured()

    is_accepted = worker.finish(number, given)
    (trial,) = queue.trials()
    found = queue.result(trial)

    assert (True, ORDER, ORDER.requests) == (is_accepted, order, found.requests)
    assert given.scores == found.scores
    assert [image.tobytes() for image in given.images] == [image.tobytes() for image in found.images]


def test_what_comes_after_the_end_is_dropped(url: str):
    """A worker that was at an order when the study ended is told that nobody waits; it does not fail."""
    queue = crew_parts.make_queue(url)
    queue.put([ORDER])
    worker = crew_parts.join_queue(url)
    number, _ = worker.take()
    optuna.create_study(storage=url)  # so that the database does not give the old number to the new place for pictures
    queue.close()

    assert not worker.finish(number, measured())
    assert worker.take() is None


def test_an_order_with_the_number_of_a_deleted_picture_is_taken(url: str):
    """SQLite gives numbers again: a worker that handed in a picture takes another study's later order of its number."""
    storage = open_storage(url, is_cached=False)
    ended = crew_parts.make_queue(url)
    ended.put([ORDER])
    worker = crew_parts.join_queue(storage)
    worker.finish(worker.take()[0], measured())
    ended.close()
    later = WorkQueue.create(open_storage(url), "later", crew_parts.TERMS)
    later.put([ORDER] * 3)

    taken = [WorkQueue.join(storage, "later").take() for _ in range(3)]

    assert [ORDER] * 3 == [order for _, order in taken]


def test_terms_reach_the_worker(queue: WorkQueue, storage):
    """A worker reads what it has to agree with."""
    assert crew_parts.TERMS == crew_parts.join_queue(storage).terms


def test_an_order_is_taken_once(url: str):
    """Of four workers that reach for the same twelve orders at once, each order goes to exactly one, also in a file."""
    queue = crew_parts.make_queue(url)
    for seed in range(12):
        queue.put([replace(ORDER, seeds=(seed,))])
    taken: list[int] = []

    def take_all(worker: WorkQueue) -> None:
        for _ in range(100):
            if len(taken) < 12 and (found := worker.take()):
                taken.append(found[0])

    workers = [crew_parts.join_queue(url) for _ in range(4)]
    threads = [threading.Thread(target=take_all, args=(worker,)) for worker in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert 12 == len(taken) == len(set(taken))


def test_what_is_given_back_is_taken_again(queue: WorkQueue):
    """An order that its worker gave back waits for the next one."""
    queue.put([ORDER])
    number, _ = queue.take()
    nothing = queue.take()
    queue.give_back(number)
    queue.trials()

    assert (None, (number, ORDER)) == (nothing, queue.take())


def test_the_slower_of_two_is_told(queue: WorkQueue):
    """Where an order was given to another worker meanwhile, the first result stands."""
    queue.put([ORDER])
    number, _ = queue.take()
    first = measured()
    queue.finish(number, first)
    late = replace(first, scores=tuple(replace(each, aesthetic=0.0) for each in first.scores))

    assert not queue.finish(number, late)
    assert first.scores == queue.result(queue.trials()[0]).scores


def test_a_damaged_result_is_none(queue: WorkQueue):
    """A result with too few scores is no result."""
    queue.put([ORDER])
    number, _ = queue.take()
    whole = measured()
    queue.finish(number, Measured(whole.requests, whole.scores[:1]))

    assert queue.result(queue.trials()[0]) is None


def test_the_end_is_seen_by_workers(queue: WorkQueue, storage):
    """A worker sees that the study has ended, and that it has been taken up again."""
    worker = crew_parts.join_queue(storage)
    queue.put([ORDER])
    before = worker.is_open
    queue.close()
    after = worker.take(), worker.is_open
    crew_parts.make_queue(storage)
    worker.take()

    assert (True, (None, False), True) == (before, after, worker.is_open)


def test_an_unknown_study_is_named(storage, queue: WorkQueue):
    """A worker for a study that is not there says so."""
    with pytest.raises(InvalidInputError, match="no study called two"):
        crew_parts.join_queue(storage, "two")


def test_two_studies_of_one_name_are_told_apart(storage, queue: WorkQueue):
    """Another plan under the same name is refused; the same plan is taken up."""
    other = replace(crew_parts.TERMS, plan="other")

    with pytest.raises(InvalidInputError, match="queue of another study called one"):
        crew_parts.make_queue(storage, terms=other)
    assert crew_parts.make_queue(storage).is_open
