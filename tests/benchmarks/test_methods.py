from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from benchmarks.search.methods import METHODS, run_method
from benchmarks.search.results import run_from_json, run_to_json
from benchmarks.search.tasks import TASKS, task_named
from benchmarks.search.truth import TruthOfTask
from benchmarks.search.work import Deadline, finished, list_jobs, run_jobs
from counterprompt.errors import StoppedError

if TYPE_CHECKING:
    from benchmarks.search.results import Run
    from benchmarks.search.world import CachedWorld
    from conftest import CountingWorld

TASK = replace(task_named("person-plain"), name="person-plain")


@pytest.mark.parametrize("method", [name for name in METHODS if name != "ours-twice"])
def test_method_keeps_to_its_budget(world: CachedWorld, method: str) -> None:
    """Every method asks for no more pictures than it may, chooses something, and survives JSON."""
    run = run_method(method, TASK, world, 60, 0, label="test")

    assert run.pictures <= 60
    assert TASK.prompt.startswith(run.winner.prompt[:5])
    assert run == run_from_json(run_to_json(run))


@pytest.mark.parametrize("method", ["random", "optuna", "climb"])
def test_same_repetition_same_run(world: CachedWorld, method: str) -> None:
    """A repetition decides everything: the second run draws nothing and chooses the same."""
    first = run_method(method, TASK, world, 40, 3)
    drawn = world.drawn

    assert first.winner == run_method(method, TASK, world, 40, 3).winner
    assert drawn == world.drawn


def test_trace_tells_smaller_budgets(world: CachedWorld) -> None:
    """What a method would have chosen earlier stands in its trace, and nothing stands there before the first look."""
    run = run_method("optuna", TASK, world, 60, 0)

    assert run.winner == run.winner_at(60)
    assert run.trace[0].chosen == run.winner_at(run.trace[0].pictures)
    assert run.winner_at(1) is None


def test_a_second_proof_changes_nothing_but_the_proof(world: CachedWorld) -> None:
    """Where the first run proves nothing, the candidate is the same, and more pictures say what it is worth."""
    runs = [run_method(name, TASK, world, 60, 0, label="test") for name in ("ours", "ours-twice")]
    once, twice = runs

    assert once.claim is not None
    assert twice.claim is not None
    assert once.claim.challenger == twice.claim.challenger
    assert once.claim.is_gain or twice.pictures >= once.pictures
    assert once.winner == twice.winner or twice.claim.is_gain


def test_ours_claims_what_it_proved(world: CachedWorld) -> None:
    """A claim holds an interval around its gain, and a claimed gain is what is applied."""
    run = run_method("ours", TASK, world, 240, 0, label="test")

    assert run.claim is not None
    assert run.claim.low <= run.claim.gain <= run.claim.high
    assert run.claim.is_gain == (run.winner == run.claim.challenger)


def test_truth_of_baseline_is_zero(world: CachedWorld) -> None:
    """The baseline gains nothing over itself, and a curing negative gains on fresh seeds."""
    truth = TruthOfTask(TASK, world, seeds=32)
    baseline = run_method("popular", TASK, world, 60, 0).winner
    cured = replace(baseline, negative_prompt="blurry, watermark, bad anatomy, low quality")

    assert 0.0 == truth.of(replace(baseline, negative_prompt="")).gain.mean
    assert truth.of(cured).gain.low > 0


def test_jobs_are_resumed(world: CachedWorld, counting: CountingWorld) -> None:
    """A second call makes only the runs that are missing, and anytime methods run at their largest budget alone."""
    jobs = list_jobs(["random", "ours"], ["person-plain"], [40, 60], range(1), "test")
    told: list[Run] = []
    run_jobs(jobs[:1], world, Deadline(1), 1, told.append)
    run_jobs(jobs, world, Deadline(1), 2, told.append)
    done, missing = finished(world.cache, jobs)

    assert 3 == len(jobs) == len(done) == len({run.key for run in told})
    assert 3 == len(told)
    assert [] == missing


def test_time_is_kept(world: CachedWorld) -> None:
    """When time is up nothing new is begun, and a run in hand stops."""
    jobs = list_jobs(["ours", "random"], ["person-plain"], [60], range(1), "test")
    run_jobs(jobs, world, Deadline(0), 2, lambda run: None)

    assert jobs == finished(world.cache, jobs)[1]
    with pytest.raises(StoppedError):
        run_method("random", TASK, world, 60, 0, progress=Deadline(0))


def test_tasks_are_many_and_different() -> None:
    """There are at least twelve tasks with names of their own, one without gain and one that is untreatable."""
    assert len(TASKS) >= 12
    assert len(TASKS) == len({task.name for task in TASKS}) == len({task.baseline for task in TASKS})
    assert any(not task.has_gain for task in TASKS)
    assert any(task.untreatable for task in TASKS)


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.name)
def test_every_task_has_a_space(world: CachedWorld, task: object) -> None:
    """Each task offers something to vary."""
    assert not task.space(world).is_empty  # type: ignore[attr-defined]
