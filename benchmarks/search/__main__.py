"""The command: runs what is missing of the benchmark until time is up, and writes the table and the page.

Run:    OMP_NUM_THREADS=1 PYTHONPATH=extension python -m benchmarks.search run --minutes 30 [--jobs 2]
            [--tasks house-plain ...] [--methods ours optuna ...] [--budgets 60 120 240] [--repetitions 3]
        ... truth --minutes 30 [--truth-seeds 256]      draws the truth of what the runs chose
        ... known --minutes 30 [--pictures 20000]       searches the best settings of each task
        ... luck                                        says what pictures of one seed share
        ... table [--truth-seeds 256] [--page FILE]     draws nothing
Prints: one line for each piece of work; `table` every bar of issue 4 with what was measured, counts and intervals.

Everything lands in one SQLite file (--cache): pictures by request, runs by method, task, budget and repetition. So a
second call goes on where the first was stopped, and draws no picture twice. Runs of ours are kept apart by the version
of the search's code, or by --label.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.search.evidence import Evidence, tasks_in_order
from benchmarks.search.known import Race
from benchmarks.search.methods import METHODS
from benchmarks.search.opening import open_world
from benchmarks.search.ours import OURS, version
from benchmarks.search.tasks import TASKS
from benchmarks.search.work import Deadline, Job, finished, list_jobs, run_jobs

if TYPE_CHECKING:
    from benchmarks.search.results import Run

DEFAULT_CACHE = Path(os.environ.get("COUNTERPROMPT_BENCH_CACHE", "/dev/shm/search-bench/cache.sqlite3"))  # noqa: S108


def main() -> None:
    """Read the command line and do what it says."""
    options = _options()
    if options.command not in ("luck", "table") and options.jobs > 1 and options.share is None:
        _spread(options.jobs)
    elif options.command == "table":
        from benchmarks.search.reporting import report

        report(options, _jobs(options))
    else:
        {"run": _run, "truth": _draw_truth, "known": _search_known, "luck": _tell_luck}[options.command](options)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.search", description=__doc__.splitlines()[0])
    parser.add_argument("command", choices=("run", "truth", "known", "luck", "table"))
    parser.add_argument("--tasks", nargs="+", default=[task.name for task in TASKS])
    parser.add_argument("--methods", nargs="+", default=list(METHODS), choices=METHODS)
    parser.add_argument("--budgets", nargs="+", type=int, default=[60, 120, 240, 480])
    parser.add_argument("--repetitions", type=int, default=20)
    parser.add_argument("--first-repetition", type=int, default=0)
    parser.add_argument("--label", default=None, help="version of the search; by default a digest of its code")
    parser.add_argument("--cache", type=Path, default=DEFAULT_CACHE)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--jobs", type=int, default=1, help="processes")
    parser.add_argument("--threads", type=int, default=10, help="runs at once in each process")
    parser.add_argument("--share", type=int, nargs=2, default=None, help=argparse.SUPPRESS)
    parser.add_argument("--truth-seeds", type=int, default=256)
    parser.add_argument("--pictures", type=int, default=20_000, help="of the search for the best known, per task")
    parser.add_argument("--page", type=Path, default=None, help="where to write the HTML page")
    return parser.parse_args()


def _jobs(options: argparse.Namespace) -> list[Job]:
    repetitions = range(options.first_repetition, options.first_repetition + options.repetitions)
    return list_jobs(options.methods, options.tasks, options.budgets, repetitions, options.label or version())


def _run(options: argparse.Namespace) -> None:
    jobs = _jobs(options)
    share, shares = options.share or (0, 1)
    world = open_world(options.cache)

    def tell(run: Run) -> None:
        sys.stdout.write(f"{run.key}: {run.pictures} pictures, {run.seconds:.0f} s, {world.drawn} drawn so far\n")
        sys.stdout.flush()

    run_jobs(jobs[share::shares], world, Deadline(options.minutes), options.threads, tell)
    done, missing = finished(world.cache, jobs[share::shares])
    sys.stdout.write(f"{len(done)} runs are done, {len(missing)} are missing.\n")


def _draw_truth(options: argparse.Namespace) -> None:
    share, shares = options.share or (0, 1)
    world, deadline = open_world(options.cache), Deadline(options.minutes)
    runs, _ = finished(world.cache, _jobs(options))
    done, wanted = Evidence(runs, options.budgets, world, options.truth_seeds).draw(deadline, share, shares)
    sys.stdout.write(f"{done} of {wanted} settings measured, {world.drawn} pictures drawn\n")


def _search_known(options: argparse.Namespace) -> None:
    share, shares = options.share or (0, 1)
    world, deadline = open_world(options.cache), Deadline(options.minutes)
    runs, _ = finished(world.cache, _jobs(options))
    for task in tasks_in_order(options.tasks)[share::shares]:
        rivals = list(dict.fromkeys(run.winner for run in runs if run.task == task.name))
        told = "noted" if Race(task, world).run(rivals, options.pictures, deadline) else "out of time"
        sys.stdout.write(f"{task.name}: {told}, {world.drawn} drawn so far\n")
        sys.stdout.flush()


def _tell_luck(options: argparse.Namespace) -> None:
    from benchmarks.search.luck import tell_luck

    world = open_world(options.cache)
    runs, _ = finished(world.cache, _jobs(options))
    sys.stdout.write(tell_luck([run for run in runs if run.method_name == OURS], world))


def _spread(jobs: int) -> None:
    """Start this command again, once for each share of the work."""
    command = [sys.executable, "-m", "benchmarks.search", *sys.argv[1:]]
    processes = [subprocess.Popen([*command, "--share", str(share), str(jobs)]) for share in range(jobs)]  # noqa: S603
    for process in processes:
        process.wait()


if __name__ == "__main__":
    main()
