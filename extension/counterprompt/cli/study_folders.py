"""Where a new study lies, and what is said of it while it runs."""

import shlex
import time
from collections.abc import Callable
from pathlib import Path

from counterprompt.errors import StoppedError
from counterprompt.report.content import ReportContent
from counterprompt.settings import Settings


def new_study_folder(settings: Settings, picture: Path) -> Path:
    """Name a folder for a new study of *picture*: its name and the time."""
    name = "".join(char if char.isalnum() or char in "-_" else "-" for char in picture.stem)[:40]
    return settings.studies_folder / f"{name or 'picture'}-{time.strftime('%Y%m%d-%H%M%S')}"


def call_for_workers(folder: Path, storage: str | None) -> tuple[str, ...]:
    """Say how to start workers for the study in *folder*; nothing where no *storage* is given."""
    if not storage:
        return ()
    name = shlex.quote(folder.name)
    return (f"Workers draw: start `counterprompt worker {name} --storage URL`, with its generator, once per GPU.",)


def resumable(work: Callable[[], ReportContent], folder: Path) -> ReportContent:
    """Do *work* on the study in *folder*.

    Raises:
        StoppedError: it was stopped or interrupted; the sentence says how to go on.
    """
    try:
        return work()
    except (KeyboardInterrupt, StoppedError) as error:
        raise StoppedError(
            f"Stopped; everything scored so far is kept, go on with `counterprompt resume {shlex.quote(str(folder))}`."
        ) from error
