"""Many jobs, on a study that is made up."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from counterprompt.errors import GeneratorError, InvalidInputError, StoppedError
from counterprompt.jobs.job import Job, JobFile, JobGenerator
from counterprompt.report.content import FieldValues, HeldOutResult, ReportContent
from counterprompt.report.files import write_report
from counterprompt.report.jobs_content import JobState
from counterprompt.search.folder import PLAN_FILE, hold_folder
from counterprompt.workflow.job_run import run_jobs

FIELDS = FieldValues("a", "blurry", 7.0)
JOBS = tuple(Job(name, JobGenerator(), prompt=name) for name in ("one", "two", "three"))


class Worker:
    """Pretends to run studies, and breaks on the jobs of *faults*."""

    def __init__(self, **faults: BaseException) -> None:
        self.faults = faults
        self.ran: list[str] = []

    def __call__(self, job: Job, folder: Path) -> ReportContent:
        """Begin the study, then break or finish it."""
        self.ran.append(job.name)
        (folder / PLAN_FILE).touch()
        if job.name in self.faults:
            raise self.faults[job.name]
        proof = HeldOutResult(8, 0.5, (0.2, 0.8), 0.9)
        content = ReportContent("gain", "2026-11-22T00:00:00", "fake", FIELDS, FIELDS, proof, 40, str(folder))
        write_report(content, folder)
        return content


def run(tmp_path: Path, worker: Worker, jobs: tuple[Job, ...] = JOBS) -> list[JobState]:
    """Run *jobs* and return how far each is."""
    file = JobFile(tmp_path / "jobs.yaml", tmp_path / "out", jobs)
    return [row.state for row in run_jobs(file, worker, lambda _: None)]


@pytest.mark.parametrize("fault", [GeneratorError("The WebUI went away."), RuntimeError("a bug"), MemoryError()])
def test_what_breaks_one_job_does_not_stop_the_others(tmp_path: Path, fault: Exception) -> None:
    """The broken one is told on the page, the others are done; the next run tries only the broken one."""
    first, second = Worker(two=fault), Worker()

    states = run(tmp_path, first)
    summary = json.loads((tmp_path / "out" / "summary.json").read_text("utf-8"))
    again = run(tmp_path, second)

    assert [JobState.GAIN, JobState.FAILED, JobState.GAIN] == states
    assert 1 == summary["failed"]
    assert [JobState.GAIN] * 3 == again
    assert (["one", "two", "three"], ["two"]) == (first.ran, second.ran)


@pytest.mark.parametrize("stop", [KeyboardInterrupt(), StoppedError("enough")])
def test_a_stop_ends_the_run_with_a_summary(tmp_path: Path, stop: BaseException) -> None:
    """What is done is on the page, what waits is too, and the next run goes on."""
    with pytest.raises(StoppedError, match="same command"):
        run(tmp_path, Worker(two=stop))
    summary = json.loads((tmp_path / "out" / "summary.json").read_text("utf-8"))
    second = Worker()
    run(tmp_path, second)

    assert ["gain", "stopped", "waiting"] == [job["state"] for job in summary["jobs"]]
    assert ["two", "three"] == second.ran


def test_a_changed_job_is_not_taken_for_the_old_one(tmp_path: Path) -> None:
    """Where a study began, a job that says something else fails with the way out; where none did, it may change."""
    run(tmp_path, Worker())
    changed = (replace(JOBS[0], budget=100), *JOBS[1:])
    (tmp_path / "out" / "three" / PLAN_FILE).unlink()
    worker = Worker()

    states = run(tmp_path, worker, (*changed[:2], replace(JOBS[2], seed=9)))

    assert [JobState.FAILED, JobState.GAIN, JobState.GAIN] == states


def test_a_picture_of_any_name_goes_on(tmp_path: Path) -> None:
    """A file whose name is no text, which Linux allows, is the same job in the next run."""
    jobs = (Job("one", JobGenerator(), picture="/pictures/\udcff.png"),)

    assert [JobState.FAILED] == run(tmp_path, Worker(one=GeneratorError("The WebUI went away.")), jobs)
    assert [JobState.GAIN] == run(tmp_path, Worker(), jobs)


def test_the_same_jobs_do_not_run_twice_at_once(tmp_path: Path) -> None:
    """A second run beside the first is refused."""
    (tmp_path / "out").mkdir()

    with hold_folder(tmp_path / "out"), pytest.raises(InvalidInputError, match="running already"):
        run(tmp_path, Worker())


def test_jobs_at_once_come_to_the_same_summary(tmp_path: Path) -> None:
    """Several at a time: what breaks one does not stop the others, rows stand in the file's order."""
    file = JobFile(tmp_path / "jobs.yaml", tmp_path / "out", JOBS)
    rows = run_jobs(file, Worker(two=GeneratorError("gone")), lambda _: None, at_once=3)
    summary = json.loads((tmp_path / "out" / "summary.json").read_text("utf-8"))

    assert [JobState.GAIN, JobState.FAILED, JobState.GAIN] == [row.state for row in rows]
    assert ["one", "two", "three"] == [job["name"] for job in summary["jobs"]]


def test_a_stop_of_one_at_once_ends_the_run(tmp_path: Path) -> None:
    """Where one job is stopped the others are told to, and the run says that it goes on from here."""
    file, stop = JobFile(tmp_path / "jobs.yaml", tmp_path / "out", JOBS), threading.Event()

    with pytest.raises(StoppedError, match="same command"):
        run_jobs(file, Worker(one=StoppedError("enough")), lambda _: None, at_once=2, stop=stop)
    assert stop.is_set()
