"""The worker: a process that draws and scores for a study running elsewhere."""

import sys
import time
from pathlib import Path
from typing import Annotated

import typer

from counterprompt.bootstrap import crews, generators, webuis
from counterprompt.bootstrap.worker_tools import WorkerChoice
from counterprompt.cli.answers import answer_text
from counterprompt.cli.options import Auth, Checkpoint, LoraFolder, Storage, Url
from counterprompt.cli.running import JOB_FILE_ENDINGS
from counterprompt.cli.scoring_options import ScorerFolder
from counterprompt.errors import InvalidInputError
from counterprompt.report.plain_text import without_controls
from counterprompt.search.roaming import RoamingWorker
from counterprompt.settings import load_settings

_SECONDS_BETWEEN_LINES = 10.0


class WorkLog:
    """Implements `ports.ProgressListener`: a line on standard error now and then, and at once for a fault."""

    def __init__(self) -> None:
        self._last_line = 0.0

    def advance(self, stage: str, done: int, total: int, note: str = "") -> None:
        """Say that *done* pictures have been handed in; *note* is what went wrong."""
        now = time.monotonic()
        if note or now - self._last_line >= _SECONDS_BETWEEN_LINES:
            self._last_line = now
            sys.stderr.write(f"{stage}: {done} pictures handed in{f'; {without_controls(note)}' if note else ''}\n")

    def is_stop_requested(self) -> bool:
        """Never: Ctrl-C gives the order in hand back at once."""
        return False


def worker_command(
    study: Annotated[
        str | None,
        typer.Argument(
            help="Name of the study's folder, as `tune` printed it, or a job file that `run --storage` runs.",
            metavar="[STUDY_OR_JOB_FILE]",
            show_default=False,
        ),
    ] = None,
    every: Annotated[
        bool, typer.Option("--all", help="Work for every study of the storage that this machine suits, until Ctrl-C.")
    ] = False,
    idle: Annotated[
        float | None,
        typer.Option(
            "--idle",
            min=0.0,
            help="With --all or a job file: end after so many seconds without work; default: never.",
            show_default=False,
        ),
    ] = None,
    storage: Storage = None,
    generator: Annotated[
        str, typer.Option("--generator", help="What draws here: miniature, diffusers, webui or fake (tests).")
    ] = "miniature",
    url: Url = None,
    auth: Auth = None,
    checkpoint: Checkpoint = "",
    lora_folder: LoraFolder = "",
    scorer: ScorerFolder = None,
    tagger: Annotated[
        Path | None,
        typer.Option(
            "--tagger",
            help="Where the tagger of studies with --tag-artifacts lies here; default: where they say.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Draw and score for studies started with --storage, on this machine or another, until they have ended."""
    if not storage:
        raise InvalidInputError(
            "A worker needs the database of its study; give --storage, or set COUNTERPROMPT_STORAGE."
        )
    if every == bool(study):
        raise InvalidInputError("Name a study or a job file to work for, or give --all instead.")
    drawer = generators.GeneratorChoice(generator, webuis.joined_urls(url), checkpoint, lora_folder)
    choice = WorkerChoice(drawer, scorer, tagger)
    if study and Path(study).suffix.lower() not in JOB_FILE_ENDINGS:
        worker = crews.load_worker(Path(study).name, storage, choice, auth, load_settings(), WorkLog())
        answer_text(f"The study has ended; {worker.run()} pictures were drawn here.")
        return
    jobs, log = Path(study).stem if study else "", WorkLog()
    agency = crews.StorageAgency(storage, jobs, choice, auth, load_settings(), log)
    pictures = RoamingWorker(agency, log, idle_s=idle).run()
    answer_text(f"There is no more work; {pictures} pictures were drawn here.")
