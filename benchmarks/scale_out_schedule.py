"""How much faster a study could be with workers if neither database nor coordinator took any time.

    PYTHONPATH=extension python benchmarks/scale_out_schedule.py                     4 workers, 240 pictures of 0.5 s
    PYTHONPATH=extension python benchmarks/scale_out_schedule.py --workers 4 8 16 --budget 480

The study, its crew and its queue are the real ones, in memory; workers and time are not: a worker that takes an order
hands it in so many seconds later by a clock of our own, and pictures take no time at all to draw. So the figure tells
what waiting at the borders of stages costs, whatever else this machine is doing; `scale_out.py` measures the whole.

Bar: 4 workers give at least 3.6 times the pictures per second of 1 worker over a whole study of 240 pictures (exit code
1 where missed).

What was seen stands in ARCHITECTURE.md, "One study on 1, 10, 1,000 GPUs". Runs differ by a hundredth.
"""

from __future__ import annotations

import argparse
import heapq
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import optuna
from scale_out import BAR, BASELINE, LAYERS

from counterprompt.generation.fake import FakeGenerator, FakeScorer
from counterprompt.search.crew import Crew
from counterprompt.search.plan import plan_study
from counterprompt.search.queue_terms import QueueTerms
from counterprompt.search.source import Measured
from counterprompt.search.space import space_for
from counterprompt.search.study import run_study
from counterprompt.search.work_queue import WorkQueue

if TYPE_CHECKING:
    from counterprompt.search.orders import Order

ON_THE_WAY_S = 0.05
"""Seconds that every order takes beside its pictures."""


class VirtualWorkers:
    """So many workers on one queue, in a time of their own that moves while the coordinator waits."""

    def __init__(self, queue: WorkQueue, count: int, picture_s: float) -> None:
        self.now = 0.0
        self._queue = queue
        self._count = count
        self._picture_s = picture_s
        self._busy: list[tuple[float, int, Order]] = []
        self._generator, self._scorer = FakeGenerator(), FakeScorer()

    def clock(self) -> float:
        """Tell the time, in seconds."""
        return self.now

    def wait(self, seconds: float) -> None:
        """Go on until somebody hands something in, or for *seconds* where nobody works."""
        self._take()
        if not self._busy:
            self.now += seconds
            return
        self.now, number, order = heapq.heappop(self._busy)
        images = self._generator.generate(order.requests)
        scores = tuple(self._scorer.score(images, order.request.prompt))
        self._queue.finish(number, Measured(order.requests, scores, tuple(images) if order.keep else ()))
        self._take()

    def _take(self) -> None:
        while len(self._busy) < self._count and (taken := self._queue.take()) is not None:
            number, order = taken
            done = self.now + ON_THE_WAY_S + self._picture_s * len(order.seeds)
            heapq.heappush(self._busy, (done, number, order))


def speed_of(workers: int, picture_s: float, budget: int) -> float:
    """Run one study with so many *workers*; return pictures per second."""
    storage = optuna.storages.InMemoryStorage()
    queue = WorkQueue.create(storage, "schedule", QueueTerms("schedule", "fake", "fake"))
    virtual = VirtualWorkers(WorkQueue.join(storage, "schedule"), workers, picture_s)
    crew = Crew(queue, FakeGenerator(batch_size=4), clock=virtual.clock, pause=virtual.wait)
    plan = plan_study(BASELINE, space_for(BASELINE, LAYERS), budget, search_seed=1)
    with tempfile.TemporaryDirectory(prefix="scale-out-") as folder:
        pictures = run_study(plan, crew, FakeScorer(), None, Path(folder) / "study").pictures
    sys.stdout.write(f"{workers} workers: {pictures} pictures in {virtual.now:.1f} s\n")
    return pictures / virtual.now


def main() -> int:
    """Run and report."""
    parser = argparse.ArgumentParser(description="Compute what the schedule of a study's orders allows.")
    parser.add_argument("--workers", type=int, nargs="+", default=[4])
    parser.add_argument("--seconds", type=float, default=0.5, help="for every picture")
    parser.add_argument("--budget", type=int, default=240)
    options = parser.parse_args()
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    alone = speed_of(1, options.seconds, options.budget)
    ratios = {count: speed_of(count, options.seconds, options.budget) / alone for count in options.workers}
    for count, ratio in ratios.items():
        sys.stdout.write(f"{count} workers are {ratio:.2f} times as fast as 1\n")
    return 0 if ratios.get(4, BAR) >= BAR else 1


if __name__ == "__main__":
    raise SystemExit(main())
