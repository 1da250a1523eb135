"""What the tests of workers share: a queue in memory or in a small SQLite file, and workers in threads."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from counterprompt.generation.fake import FakeGenerator, FakeScorer
from counterprompt.ports import SilentProgress
from counterprompt.search.queue_terms import QueueTerms
from counterprompt.search.storage import open_storage
from counterprompt.search.work_queue import WorkQueue
from counterprompt.search.worker import Worker

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from optuna.storages import BaseStorage

    from counterprompt.ports import ImageGenerator

TERMS = QueueTerms("digest", "fake", "fake", beat_s=0.05, grace_s=0.5)


def storage_url(folder: Path) -> str:
    """Name a database in *folder*."""
    return f"sqlite:///{folder / 'work.sqlite3'}"


def make_queue(storage: BaseStorage | str, name: str = "one", terms: QueueTerms = TERMS) -> WorkQueue:
    """Open a coordinator's queue in *storage*, or in a connection of its own to that URL."""
    return WorkQueue.create(open_storage(storage) if isinstance(storage, str) else storage, name, terms)


def join_queue(storage: BaseStorage | str, name: str = "one") -> WorkQueue:
    """Open a worker's queue, likewise."""
    return WorkQueue.join(open_storage(storage) if isinstance(storage, str) else storage, name)


class StoppedBy:
    """A listener that asks to stop when an event is set."""

    def __init__(self, event: threading.Event) -> None:
        self.event = event

    def advance(self, stage: str, done: int, total: int, note: str = "") -> None:
        """Ignore it."""

    def is_stop_requested(self) -> bool:
        """When the event is set."""
        return self.event.is_set()


def make_worker(
    storage: BaseStorage | str, generator: ImageGenerator | None = None, name: str = "one", **options
) -> Worker:
    """Make a worker."""
    queue = join_queue(storage, name)
    options = {"progress": SilentProgress(), **options}
    return Worker(queue, generator or FakeGenerator(), FakeScorer(), **options)


@contextmanager
def working(storage: BaseStorage | str, *generators: ImageGenerator) -> Iterator[None]:
    """Let a worker in a thread draw with each of *generators* while the `with` block runs."""
    is_over = threading.Event()
    workers = [make_worker(storage, generator, progress=StoppedBy(is_over)) for generator in generators]
    threads = [threading.Thread(target=worker.run, daemon=True) for worker in workers]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        is_over.set()
        for thread in threads:
            thread.join(20)
