from __future__ import annotations

import math
import random
from statistics import fmean
from typing import TYPE_CHECKING

import pytest

from benchmarks.search.bars import Bars
from benchmarks.search.evidence import Evidence
from benchmarks.search.figures import best_without_luck, bootstrap, crossing, mean_of_means, told, wilson
from benchmarks.search.known import Race
from benchmarks.search.page import write_page
from benchmarks.search.removals import without_each_term
from benchmarks.search.reporting import bar_rows
from benchmarks.search.results import Chosen
from benchmarks.search.tasks import task_named
from benchmarks.search.work import Deadline, finished, list_jobs, run_jobs

if TYPE_CHECKING:
    from pathlib import Path

    from benchmarks.search.world import CachedWorld


@pytest.mark.parametrize(
    ("points", "level", "expected"),
    [
        ([(60, 0.2), (120, 0.6)], 0.4, 90),
        ([(60, 0.5), (120, 0.6)], 0.4, 60),
        ([(60, 0.1), (120, 0.2)], 0.4, None),
        ([(60, 0.3), (120, 0.3), (240, 0.5)], 0.4, 180),
    ],
)
def test_crossing(points: list[tuple[float, float]], level: float, expected: float | None) -> None:
    """The place where a curve reaches a level lies straight between two points, or nowhere."""
    found = crossing(points, level)

    assert (expected is None) == (found is None)
    assert expected is None or expected == pytest.approx(found)


def test_wilson_knows_the_textbook() -> None:
    """Ten of ten gives 72 to 100 %; nothing counted says nothing."""
    low, high = wilson(10, 10)

    assert 0.722 == pytest.approx(low, abs=0.001)
    assert 1.0 == pytest.approx(high)
    assert (0.0, 1.0) == wilson(0, 0)


def test_mean_of_means_weighs_groups_alike() -> None:
    """Groups count alike however many values they have; no values are not a number."""
    assert 2.0 == mean_of_means([[1.0, 1.0, 1.0], [3.0], []])
    assert math.isnan(mean_of_means([[]]))


def test_bootstrap_of_a_constant_is_narrow() -> None:
    """Values that are all alike leave no doubt."""
    assert (2.0, 2.0) == bootstrap([[2.0, 2.0], [2.0]], mean_of_means)


def test_one_run_has_no_interval() -> None:
    """Where every group holds one value there is no interval, and the table says so."""
    assert "one run a task, no interval" == told(*bootstrap([[1.0], [2.0]], mean_of_means), ".2f")


def test_the_best_of_many_is_freed_of_its_luck() -> None:
    """The best of 50 settings worth 1 each is worth 1 on average; a truly better one keeps its gain; nothing is 0."""
    draw = random.Random(0)
    worlds = [[[draw.gauss(1.0, 1.0) for _ in range(64)] for _ in range(50)] for _ in range(30)]
    better = [draw.gauss(3.0, 1.0) for _ in range(64)]
    worse = [[draw.gauss(-1.0, 0.1) for _ in range(64)]]

    assert 0.0 == best_without_luck(worse)
    assert pytest.approx(1.0, abs=0.08) == fmean(map(best_without_luck, worlds))
    assert fmean(max(map(fmean, rows)) for rows in worlds) > 1.2
    assert pytest.approx(fmean(better)) == best_without_luck([*worlds[0], better])
    assert 0.0 == best_without_luck([])


def test_bars_of_few_runs(world: CachedWorld, tmp_path: Path) -> None:
    """From a few runs every bar gets a line, measured or said not to be, and the page holds the curves."""
    jobs = list_jobs(["ours", "optuna"], ["person-plain"], [60, 240], range(1), "test")
    run_jobs(jobs, world, Deadline(5), 2, lambda run: None)
    runs, _ = finished(world.cache, jobs)
    evidence = Evidence(runs, [60, 240], world, 32)
    done, wanted = evidence.draw(Deadline(5))
    bars = Bars(evidence)
    write_page(tmp_path / "page.html", bars, evidence, "a few runs")

    assert done == wanted > 2
    assert 9 == len(bars.all())
    assert bars.best["person-plain"] > 0
    assert 11 == len(bar_rows(bars.all()))
    assert "<polyline" in (tmp_path / "page.html").read_text()


def test_terms_are_removed_where_they_stand() -> None:
    """Each shorter negative lacks one term, inside brackets too, and keeps all else."""
    chosen = Chosen("house", "low quality, (blurry, noisy:1.2)", 7.0)

    assert ["(blurry, noisy:1.2)", "low quality, (noisy:1.2)", "low quality, (blurry:1.2)"] == [
        less.negative_prompt for less in without_each_term(chosen)
    ]


def test_unmeasured_truth_is_left_out(world: CachedWorld) -> None:
    """Without the truth's pictures there are no points, and nothing is drawn for them."""
    jobs = list_jobs(["random"], ["person-plain"], [40], range(1), "")
    run_jobs(jobs, world, Deadline(5), 1, lambda run: None)
    drawn = world.drawn
    evidence = Evidence(finished(world.cache, jobs)[0], [40], world, 32)

    assert [] == evidence.points()
    assert drawn == world.drawn


def test_race_finds_a_cure(world: CachedWorld) -> None:
    """The race's finalists gain, its pictures are counted, and a race out of time notes nothing."""
    task = task_named("person-plain")
    jobs = list_jobs(["popular"], [task.name], [60], range(1), "")
    run_jobs(jobs, world, Deadline(5), 1, lambda run: None)
    evidence = Evidence(finished(world.cache, jobs)[0], [60], world, 32)

    assert not Race(task, world).run([], 300, Deadline(0))
    assert [] == evidence.known(task.name)
    assert Race(task, world).run([], 300, Deadline(5))

    evidence.draw(Deadline(5))

    assert 3 == len(evidence.known(task.name))
    assert evidence.known_pictures(task.name) > 100
    assert evidence.best_known()[task.name] > 0
