"""The worker: a process that draws and scores for a study running elsewhere."""

import sys
import time
from pathlib import Path
from typing import Annotated

import typer

from counterprompt.bootstrap import crews, generators, webuis
from counterprompt.cli.answers import answer_text
from counterprompt.cli.options import Auth, Checkpoint, LoraFolder, ScorerFolder, Storage, Url
from counterprompt.errors import InvalidInputError
from counterprompt.report.plain_text import without_controls
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
    study: Annotated[str, typer.Argument(help="Name of the study's folder, as `tune` printed it.", metavar="STUDY")],
    storage: Storage = None,
    generator: Annotated[
        str, typer.Option("--generator", help="What draws here: miniature, diffusers, webui or fake (tests).")
    ] = "miniature",
    url: Url = None,
    auth: Auth = None,
    checkpoint: Checkpoint = "",
    lora_folder: LoraFolder = "",
    scorer: ScorerFolder = None,
) -> None:
    """Draw and score for a study that was started with --storage, on this machine or another, until it has ended."""
    if not storage:
        raise InvalidInputError(
            "A worker needs the database of its study; give --storage, or set COUNTERPROMPT_STORAGE."
        )
    choice = generators.GeneratorChoice(generator, webuis.joined_urls(url), checkpoint, lora_folder)
    worker = crews.load_worker(Path(study).name, storage, choice, auth, load_settings(), WorkLog(), scorer)
    answer_text(f"The study has ended; {worker.run()} pictures were drawn here.")
