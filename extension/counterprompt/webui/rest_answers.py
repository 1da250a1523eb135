"""Answers of our routes, and how an error becomes one."""

from __future__ import annotations

import logging
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from counterprompt.errors import (
    CounterpromptError,
    GeneratorError,
    InvalidInputError,
    MissingModelError,
    ScorerError,
)
from counterprompt.webui.rest_login import ForbiddenError, NoLoginError
from counterprompt.webui.rest_table import PREFIX
from counterprompt.webui.study_values import StudyStatus, UnknownNameError, WrongStateError

_log = logging.getLogger(__name__)


class TooLargeError(CounterpromptError):
    """The body is larger than what is taken."""


class WrongTypeError(CounterpromptError):
    """The body does not say that it is JSON."""


_STATUS_OF: Final[tuple[tuple[type[CounterpromptError], int], ...]] = (
    (NoLoginError, 401),
    (ForbiddenError, 403),
    (UnknownNameError, 404),
    (WrongStateError, 409),
    (TooLargeError, 413),
    (WrongTypeError, 415),
    (InvalidInputError, 422),
    (GeneratorError, 502),
    (MissingModelError, 503),
    (ScorerError, 503),
)
"""Kind of error to HTTP status; the first that fits counts."""


@dataclass(frozen=True)
class Answer:
    """An answer in JSON."""

    values: dict[str, Any]
    """What it says."""
    status: int = 200
    """The HTTP status."""


@dataclass(frozen=True)
class FileAnswer:
    """A file as an answer."""

    path: Path
    """Where it lies; never named by a client."""
    media_type: str
    """What it is."""

    @classmethod
    def of_picture(cls, path: Path | None) -> FileAnswer:
        """Give out a picture of a study.

        Raises:
            UnknownNameError: there is none yet.
        """
        if path is None or not path.is_file():
            raise UnknownNameError("The study has no such picture yet; ask again when it has found something better.")
        return cls(path, "image/jpeg" if path.suffix == ".jpg" else "image/png")


def status_answer(status: StudyStatus) -> dict[str, Any]:
    """Say where a study stands; pictures by address, no path of this machine."""
    values = asdict(status)
    for name, end in (("baseline_picture", "baseline"), ("best_picture", "best")):
        values[name] = f"{PREFIX}/studies/{status.id}/{end}" if values[name] is not None else None
    values["leaders"] = list(values["leaders"])
    values["history"] = [list(each) for each in values["history"]]
    return values


def error_answer(error: Exception) -> Answer:
    """Return what a client is told of *error*: its kind and one sentence; of a fault of ours, nothing but that."""
    if isinstance(error, CounterpromptError):
        status = next((status for kind, status in _STATUS_OF if isinstance(error, kind)), 500)
        return Answer({"error": type(error).__name__, "detail": str(error)}, status)
    _log.error("Counterprompt: a request broke inside", exc_info=error)
    detail = "It broke inside; the WebUI's console says more. Please report it."
    return Answer({"error": "InternalError", "detail": detail}, 500)
