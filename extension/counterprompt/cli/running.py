"""The command that runs a job file: many studies, unattended, one after another."""

import shlex
from pathlib import Path
from typing import Annotated

import typer

from counterprompt.bootstrap import crews
from counterprompt.bootstrap.job_runs import JobCrew, JobRunner
from counterprompt.cli.answers import answer_json, answer_rows, answer_text, warn
from counterprompt.cli.crowd_progress import CrowdProgress
from counterprompt.cli.opening import open_page
from counterprompt.cli.options import Auth, Json, NoOpen, Storage
from counterprompt.cli.progress import TerminalProgress
from counterprompt.errors import IncompleteError, InvalidInputError
from counterprompt.jobs.job import JobFile
from counterprompt.jobs.mistakes import JobFileError
from counterprompt.jobs.read import read_job_file
from counterprompt.report.jobs_content import JobRow, JobState, jobs_answer
from counterprompt.report.jobs_page import SUMMARY_PAGE, headline
from counterprompt.settings import load_settings
from counterprompt.workflow.job_run import run_jobs

JOB_FILE_ENDINGS = (".yaml", ".yml")
"""How the name of a job file ends."""

_WITH_JOBS = ("picture", "auth", "storage", "no_open", "as_json")
_USUALLY_AT_ONCE = 4


def run_command(
    job_file: Annotated[
        Path, typer.Argument(help="Job file in YAML; see docs/jobs.md.", metavar="JOB_FILE", show_default=False)
    ],
    check: Annotated[bool, typer.Option("--check", help="Only check the file and list its jobs.")] = False,
    at_once: Annotated[
        int | None,
        typer.Option(
            "--at-once",
            min=1,
            max=64,
            help="Jobs that run at the same time, drawn by workers; needs --storage, default with it: 4.",
            show_default=False,
        ),
    ] = None,
    storage: Storage = None,
    auth: Auth = None,
    no_open: NoOpen = False,
    as_json: Json = False,
) -> None:
    """Run every job of a file; the same command goes on after a stop, a failure or a reboot."""
    run_job_file(job_file, check=check, auth=auth, no_open=no_open, as_json=as_json, storage=storage, at_once=at_once)


def run_job_file(
    path: Path,
    *,
    check: bool,
    auth: str | None,
    no_open: bool,
    as_json: bool,
    storage: str | None = None,
    at_once: int | None = None,
) -> None:
    """Check the job file at *path* and, unless *check*, run its jobs, with a *storage* by workers.

    Raises:
        InvalidInputError: it holds mistakes, which have been told one a line.
        IncompleteError: some jobs failed; the others are done.
        StoppedError: the user stopped it.
    """
    try:
        file = read_job_file(path)
    except JobFileError as error:
        warn(*(f"{path}, line {each.line}: {each.sentence}." for each in error.mistakes))
        raise InvalidInputError(f"{path} cannot be run; correct the lines named above.") from error
    if check:
        rows = tuple(JobRow(job.name, JobState.WAITING) for job in file.jobs)
        _answer(rows, file.output / SUMMARY_PAGE, as_json)
        return
    with TerminalProgress() as progress:
        rows = _run(file, progress, auth, storage, at_once)
    page = file.output / SUMMARY_PAGE
    if not no_open and not as_json:
        open_page(page)
    _answer(rows, page, as_json)
    failed = [row.name for row in rows if row.state is JobState.FAILED]
    if failed:
        raise IncompleteError(
            f"{len(failed)} of {len(rows)} jobs failed ({', '.join(failed[:5])}{', …' if len(failed) > 5 else ''}); "
            "the page says why, and the same command tries them again."
        )


def _run(
    file: JobFile, progress: TerminalProgress, auth: str | None, storage: str | None, at_once: int | None
) -> tuple[JobRow, ...]:
    settings = load_settings()
    if not storage:
        if at_once is not None and at_once > 1:
            raise InvalidInputError(
                "Jobs run at the same time only where workers draw; give --storage, or leave --at-once out."
            )
        return run_jobs(file, JobRunner(settings, lambda _: progress, progress.say, auth).run, progress.say)
    name = file.path.stem
    progress.say(
        f"Workers draw: start `counterprompt worker {shlex.quote(file.path.name)} --storage URL`, "
        "with its generator, once per GPU."
    )
    crowd = CrowdProgress(progress, {job.name: job.budget for job in file.jobs})
    runner = JobRunner(settings, crowd.of, progress.say, auth, JobCrew(storage, name))
    with crews.open_job_board(storage, name):
        return run_jobs(file, runner.run, progress.say, at_once=at_once or _USUALLY_AT_ONCE, stop=crowd.stop)


def refuse_other_options(context: typer.Context) -> None:
    """Refuse options of `tune` that were given beside a job file, which has its own.

    Raises:
        InvalidInputError: one was given.
    """
    for name in context.params:
        source = context.get_parameter_source(name)
        if name not in _WITH_JOBS and source is not None and source.name == "COMMANDLINE":
            raise InvalidInputError(
                f"--{name.replace('_', '-')} does not go with a job file; write what it says into the file."
            )


def _answer(rows: tuple[JobRow, ...], page: Path, as_json: bool) -> None:
    if as_json:
        answer_json(jobs_answer(rows, str(page)))
        return
    answer_rows(headline(rows), [(row.name, f"{row.state.value}  {row.sentence}".strip()) for row in rows])
    answer_text(f"Summary: {page}")
