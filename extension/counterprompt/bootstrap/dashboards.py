"""Opens optuna-dashboard on a study, with its pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counterprompt.errors import InvalidInputError, MissingModelError
from counterprompt.search.artifacts import tie_pictures

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def serve_dashboard(folder: Path, host: str, port: int, opened: Callable[[int], None]) -> None:
    """Serve the study in *folder* at *host* and *port* until interrupted; *opened* hears how many pictures are shown.

    Raises:
        MissingModelError: optuna-dashboard is not installed.
        InvalidInputError: no study lives there, or the port is taken.
    """
    try:
        from optuna_dashboard import run_server
    except ImportError as error:
        raise MissingModelError(
            "The package optuna-dashboard is missing; install it with `pip install optuna-dashboard`."
        ) from error
    study = tie_pictures(folder)
    opened(study.pictures)
    try:
        run_server(study.storage, host=host, port=port, artifact_store=study.artifacts)
    except OSError as error:
        raise InvalidInputError(
            f"Nothing can be served at {host}:{port} ({error.strerror}); give another --port or --host."
        ) from error
