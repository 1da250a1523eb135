"""Jobs run one after another, or several at once: finished ones are skipped, broken ones do not stop the others."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING

from counterprompt.errors import CounterpromptError, InvalidInputError, StoppedError
from counterprompt.jobs.job import Job, JobGenerator
from counterprompt.report.content import ReportContent
from counterprompt.report.files import PAGE_FILE, REPORT_FILE, load_report
from counterprompt.report.jobs_content import JobRow, JobState
from counterprompt.report.jobs_page import write_summary
from counterprompt.search.folder import PLAN_FILE, hold_folder
from counterprompt.whole_files import naming_the_remedy, replace_text
from counterprompt.workflow.job_crowd import run_at_once

if TYPE_CHECKING:
    from pathlib import Path

    from counterprompt.jobs.job import JobFile

JOB_FILE = "job.json"
"""What the study in a folder was made from, so that a changed job is not taken for it."""

RunJob = Callable[["Job", "Path"], ReportContent]
"""Runs the study of a job in a folder, or goes on with it, and gives its report."""

Tell = Callable[[str], None]
"""Hears a sentence."""


def run_jobs(
    file: JobFile, run_job: RunJob, tell: Tell, *, at_once: int = 1, stop: threading.Event | None = None
) -> tuple[JobRow, ...]:
    """Run every job of *file*, each in a folder of its name, and keep a summary page in the output folder.

    The summary is written anew after each job, so that it is there whatever happens. Called again after a stop, a
    failure or a reboot, finished jobs are skipped and the others go on where they were. So many run *at_once*, in
    threads; *run_job* is to end them where *stop* is set, which Ctrl-C does.

    Raises:
        InvalidInputError: the output folder cannot be written, or these jobs are running already.
        StoppedError: the user stopped it; the summary holds what is done.
    """
    with naming_the_remedy(f"The folder {file.output}", "name another as output"):
        file.output.mkdir(parents=True, exist_ok=True)
    rows = [JobRow(job.name, JobState.WAITING) for job in file.jobs]
    with ExitStack() as stack:
        try:
            stack.enter_context(hold_folder(file.output))
        except InvalidInputError as error:
            raise InvalidInputError(
                f"The jobs of {file.path} are running already; stop them there or wait for their end."
            ) from error
        lock, stop = threading.Lock(), stop or threading.Event()

        def run(at: int, job: Job) -> bool:
            tell(f"Job {at + 1} of {len(file.jobs)}: {job.name}")
            row = _run_one(job, file.output / job.name, run_job)
            with lock:
                rows[at] = row
                tell(f"{job.name}: {row.sentence}" if at_once > 1 else row.sentence)
                write_summary(rows, file.path.name, file.output)
            return row.state is not JobState.STOPPED

        work = [partial(run, at, job) for at, job in enumerate(file.jobs)]
        are_all = all(each() for each in work) if at_once == 1 else run_at_once(work, at_once, stop)
        if not are_all:
            raise StoppedError("Stopped; what is done is kept, the same command goes on from here.")
    return tuple(rows)


def _run_one(job: Job, folder: Path, run_job: RunJob) -> JobRow:
    try:
        _claim(folder, job)
        is_skipped = (folder / REPORT_FILE).is_file() and (folder / PAGE_FILE).is_file()
        content = load_report(folder) if is_skipped else run_job(job, folder)
    except (KeyboardInterrupt, StoppedError):
        return JobRow(job.name, JobState.STOPPED, "Stopped; run the same command to go on.")
    except CounterpromptError as error:
        return JobRow(job.name, JobState.FAILED, str(error))
    except Exception as error:  # what breaks one job must not cost the user the night
        return JobRow(
            job.name, JobState.FAILED, f"It broke inside ({type(error).__name__}: {error}); please report it."
        )
    return JobRow.of(job.name, content, is_skipped=is_skipped)


def _claim(folder: Path, job: Job) -> None:
    """Write down in *folder* which job its study is of; refuse one that is of another.

    Raises:
        InvalidInputError: another job's study is there, or the folder cannot be written.
    """
    path = folder / JOB_FILE
    usual = asdict(Job("", JobGenerator()))
    said = {name: value for name, value in asdict(job).items() if value != usual[name]}
    definition = json.dumps(said, indent=1, ensure_ascii=False).encode("utf-8", "replace").decode("utf-8")
    if (folder / PLAN_FILE).is_file() and _read(path) != definition:
        raise InvalidInputError(
            f"The job {job.name} was changed after its study began in {folder}; give it another name, "
            "or delete that folder."
        )
    with naming_the_remedy(f"The folder {folder}", "name another as output"):
        folder.mkdir(parents=True, exist_ok=True)
        replace_text(path, definition)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""
