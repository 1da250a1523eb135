"""How much faster a study is with workers, and how many workers one database serves.

    PYTHONPATH=extension python benchmarks/scale_out.py                     1 and 4 workers, on each storage
    PYTHONPATH=extension python benchmarks/scale_out.py --storage sqlite --seconds 2
    PYTHONPATH=extension python benchmarks/scale_out.py --ceiling           64 workers on one PostgreSQL

Workers are processes that sleep 0.5 s (`--seconds`) for every picture instead of drawing it, so that a machine with two
cores can stand for several with a GPU each. Timed is a whole study of 240 pictures, from its first order to its
outcome, once all workers are there: baseline, search, choice, shortening and proof.

Bar (issue 4, "Machinery"): 4 workers give at least 3.6 times the pictures per second of 1 worker. Exit code 1 where a
storage misses it; a storage that is not installed is left out and said.

`--ceiling` keeps a queue full for 64 workers in 8 processes (8 threads each) and counts the orders that are handed in
per second, for orders that take eight seconds, four, two, one and half a second. Where that number stops growing is
the database's ceiling, or that of the machine that runs them all.
"""

from __future__ import annotations

import argparse
import importlib
import os
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import scratch_storages

from counterprompt.errors import MissingModelError
from counterprompt.generation.fake import FakeGenerator, FakeScorer
from counterprompt.negative.layers import NegativeLayer
from counterprompt.ports import GenerationRequest, SilentProgress
from counterprompt.search.crew import Crew
from counterprompt.search.plan import plan_study
from counterprompt.search.queue_terms import QueueTerms
from counterprompt.search.space import space_for
from counterprompt.search.storage import open_storage
from counterprompt.search.study import run_study
from counterprompt.search.work_queue import WorkQueue
from counterprompt.search.worker import Worker

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from PIL import Image

BAR = 3.6
BASELINE = GenerationRequest("a house <lora:style:1>", "painting,", 7, cfg_scale=5.0, width=32, height=32)
LAYERS = (NegativeLayer("base", ("low quality", "blurry")), NegativeLayer("style", ("painting", "watermark")))


class Sleeps(FakeGenerator):
    """Takes *seconds* for every picture."""

    def __init__(self, seconds: float) -> None:
        super().__init__(batch_size=4)
        self.seconds = seconds

    def generate(self, requests: Sequence[GenerationRequest]) -> list[Image.Image]:
        """Sleep, then draw."""
        time.sleep(self.seconds * len(requests))
        return super().generate(requests)


class Stages:
    """A listener that notes how long each stage took and how many pictures came in it."""

    def __init__(self) -> None:
        self.last = time.monotonic()
        self.pictures = 0
        self.found: dict[str, list[float]] = {}

    def advance(self, stage: str, done: int, total: int, note: str = "") -> None:
        """Add the time since the last news to *stage*."""
        now = time.monotonic()
        seconds, pictures = self.found.get(stage, [0.0, 0])
        self.found[stage] = [seconds + now - self.last, pictures + done - self.pictures]
        self.last, self.pictures = now, done

    def is_stop_requested(self) -> bool:
        """Never."""
        return False

    def __str__(self) -> str:
        """One entry per stage."""
        return ", ".join(f"{stage} {int(count)} in {took:.1f} s" for stage, (took, count) in self.found.items())


def be_worker(url: str, seconds: float, threads: int, ready: Path) -> None:
    """Work in *threads* threads, each with a connection of its own, until the study has ended."""
    workers = [
        Worker(WorkQueue.join(open_storage(url), "bench"), Sleeps(seconds), FakeScorer(), SilentProgress())
        for _ in range(threads)
    ]
    ready.touch()
    running = [threading.Thread(target=worker.run) for worker in workers]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()


@contextmanager
def workers_at(url: str, processes: int, seconds: float, threads: int, folder: Path) -> Iterator[None]:
    """Run worker processes while the `with` block runs, which begins when all are ready."""
    marks = [folder / f"ready-{time.monotonic_ns()}-{at}" for at in range(processes)]
    command = [sys.executable, __file__, "--be-worker", url, "--seconds", str(seconds), "--threads", str(threads)]
    running = [subprocess.Popen([*command, "--ready", str(mark)], env={**os.environ}) for mark in marks]  # noqa: S603
    try:
        while not all(mark.exists() for mark in marks):
            if any(worker.poll() for worker in running):
                raise SystemExit("A worker failed; its error is above.")
            time.sleep(0.05)
        yield
    finally:
        for worker in running:
            try:
                worker.wait(timeout=30)
            except subprocess.TimeoutExpired:
                worker.kill()


def time_study(url: str, count: int, seconds: float, budget: int, folder: Path) -> float:
    """Run a study with *count* workers; return pictures per second."""
    importlib.import_module("counterprompt.search.surrogate.sampler")  # loading is no part of what is timed
    queue = WorkQueue.create(open_storage(url), "bench", QueueTerms(f"{count}", "fake", "fake"))
    plan = plan_study(BASELINE, space_for(BASELINE, LAYERS), budget, search_seed=1)
    with workers_at(url, count, seconds, 1, folder):
        crew = Crew(queue, Sleeps(seconds))
        stages, started, cpu = Stages(), time.monotonic(), time.process_time()
        outcome = run_study(plan, crew, FakeScorer(), stages, folder / f"study-{count}")
        took, cpu = time.monotonic() - started, time.process_time() - cpu
        crew.close()
    sys.stdout.write(
        f"  {count} workers: {outcome.pictures} pictures in {took:.1f} s ({stages}); "
        f"the coordinator computed {cpu:.1f} s\n"
    )
    sys.stdout.flush()
    return outcome.pictures / took


def compare(kind: str, seconds: float, budget: int) -> float | None:
    """Return how many times faster 4 workers are than 1 on a storage of *kind*; None where it is not installed."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="scale-out-")))
        speeds = []
        for count in (1, 4):
            place = folder / str(count)
            place.mkdir()
            try:
                url = stack.enter_context(scratch_storages.scratch_storage(kind, place))
            except MissingModelError as error:
                sys.stdout.write(f"{kind}: left out: {error}\n")
                return None
            speeds.append(time_study(url, count, seconds, budget, place))
    sys.stdout.write(f"{kind}: 4 workers are {speeds[1] / speeds[0]:.2f} times as fast as 1\n")
    return speeds[1] / speeds[0]


def count_orders(url: str, crew_name: str, window_s: float, workers: int) -> float:
    """Keep the queue full for *window_s* seconds; return orders per second handed in."""
    queue = WorkQueue.create(open_storage(url), crew_name, QueueTerms("ceiling", "fake", "fake"))
    crew = Crew(queue, FakeGenerator(batch_size=1))
    seed = time.monotonic_ns() % 2**31
    done, started, first_done = 0, time.monotonic(), 0
    while time.monotonic() < started + 1.4 * window_s:
        for _ in range(min(16, max(0, workers + 16 - crew.on_their_way))):
            seed += 1
            crew.submit([replace(BASELINE, seed=seed % 2**32)], keep=False)
        done += len(crew.collect())
        if time.monotonic() < started + 0.4 * window_s:
            first_done = done
    rate = (done - first_done) / (time.monotonic() - started - 0.4 * window_s)
    crew.close()
    return rate


def find_ceiling(kind: str, window_s: float, processes: int, threads: int) -> None:
    """Print orders per second for orders of several lengths."""
    with tempfile.TemporaryDirectory(prefix="scale-out-") as name, ExitStack() as stack:
        url = stack.enter_context(scratch_storages.scratch_storage(kind, Path(name)))
        for seconds in (8.0, 4.0, 2.0, 1.0, 0.5):
            WorkQueue.create(open_storage(url), "bench", QueueTerms("ceiling", "fake", "fake"))
            count = processes * threads
            with workers_at(url, processes, seconds, threads, Path(name)):
                rate = count_orders(url, "bench", max(window_s, 3 * seconds), count)
            told = f"{rate:.1f} orders/s (possible {count / seconds:.1f})"
            sys.stdout.write(f"{count} workers, {seconds:g} s an order: {told}\n")
            sys.stdout.flush()


def main() -> int:
    """Run and report."""
    parser = argparse.ArgumentParser(description="Measure what workers bring.")
    parser.add_argument("--storage", choices=scratch_storages.KINDS, action="append")
    parser.add_argument("--seconds", type=float, default=0.5, help="for every picture")
    parser.add_argument("--budget", type=int, default=240)
    parser.add_argument("--ceiling", action="store_true")
    parser.add_argument("--window", type=float, default=20.0, help="seconds of counting with --ceiling")
    parser.add_argument("--processes", type=int, default=8, help="with --ceiling")
    parser.add_argument("--threads", type=int, default=None, help="of one process, with --ceiling; default 8")
    parser.add_argument("--be-worker", metavar="URL", help=argparse.SUPPRESS)
    parser.add_argument("--ready", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.be_worker:
        be_worker(options.be_worker, options.seconds, options.threads, options.ready)
        return 0
    if options.ceiling:
        for kind in options.storage or ["postgresql"]:
            find_ceiling(kind, options.window, options.processes, options.threads or 8)
        return 0
    ratios = [compare(kind, options.seconds, options.budget) for kind in options.storage or scratch_storages.KINDS]
    return 0 if all(ratio is None or ratio >= BAR for ratio in ratios) else 1


if __name__ == "__main__":
    raise SystemExit(main())
