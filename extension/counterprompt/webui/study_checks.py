"""What may be done with a study in the state that it is in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from counterprompt.webui.study_folder import is_generates
from counterprompt.webui.study_values import WrongStateError

if TYPE_CHECKING:
    from counterprompt.webui.study_ledger import StudyEntry


MOST_WAITING: Final = 50
"""Studies that may wait at one time."""


def refuse_if_full(waiting: int, *, is_closed: bool) -> None:
    """Raise a `WrongStateError` where no study can join so many that are *waiting*."""
    if is_closed:
        raise WrongStateError("The WebUI is being reloaded; try again when it is back.")
    if waiting >= MOST_WAITING:
        raise WrongStateError(f"{MOST_WAITING} studies are waiting already; wait for some of them or stop some.")


def refuse_to_resume(entry: StudyEntry) -> None:
    """Raise a `WrongStateError` where the study of *entry* cannot go on now, nor ever."""
    study = entry.status.id
    if entry.status.state == "done":
        raise WrongStateError(f"The study {study} has ended; look at its result or start a new one.")
    if is_generates(entry.folder):
        raise WrongStateError(f"Generate began the study {study}; go on there, with the same settings.")
    if entry.is_ending:
        raise WrongStateError(f"The study {study} is being stopped; resume it when it has ended.")


def refuse_to_prove(entry: StudyEntry) -> None:
    """Raise a `WrongStateError` where the desk cannot prove anew what the study of *entry* found."""
    refuse_unended(entry)
    if is_generates(entry.folder):
        raise WrongStateError(
            f"Generate began the study {entry.status.id}, by settings the desk does not know; start one in the tab."
        )


def refuse_unended(entry: StudyEntry) -> None:
    """Raise a `WrongStateError` where the study of *entry* has no result."""
    if entry.status.state != "done":
        raise WrongStateError(f"The study {entry.status.id} has not ended yet; wait for it or resume it.")
