"""The desk's book: every study with its last status, in memory and in its folder."""

from __future__ import annotations

import logging
import re
import secrets
import threading
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from counterprompt.errors import InvalidInputError
from counterprompt.webui.study_folder import found_studies, write_order, write_status
from counterprompt.webui.study_values import StudyOrder, StudyStatus, UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Callable

    from counterprompt.webui.study_person import StudyPerson
    from counterprompt.webui.study_run import StudyWorkplace
    from counterprompt.webui.study_values import StudyState

_SECONDS_BETWEEN_WRITES: Final = 10.0

_ENDING: Final[dict[str, str]] = {
    "paused": "It ends after the batch in hand.",
    "stopped": "It ends within a step, once it has its turn; half-drawn pictures are thrown away.",
}

_log = logging.getLogger(__name__)


@dataclass
class StudyEntry:
    """One study in the book; only changed while the book's lock is held."""

    folder: Path
    """Where the study is kept."""
    status: StudyStatus
    """Where it stands."""
    wish: StudyState | None = None
    """In which state somebody wants it to end early."""
    has_heard: bool = False
    """Whether the run has heard of a wish, after which nothing keeps it from ending."""
    person: StudyPerson | None = None
    """Who is asked while it runs."""
    written: float = 0.0
    """When the status was last written, by the monotonic clock."""
    break_off: Callable[[], None] | None = None
    """Ends the batch in hand within a step; None while nothing is drawn."""

    @property
    def is_breaking_off(self) -> bool:
        """Whether it is told to end within a step."""
        return self.wish == "stopped" and self.break_off is not None

    @property
    def is_ending(self) -> bool:
        """Whether it is about to end and cannot go on before."""
        return self.is_breaking_off or (self.has_heard and self.status.state == "running")

    def end_early(self, wish: StudyState) -> str:
        """Let it end as "paused" after the batch in hand, or as "stopped" within a step, and say which."""
        self.wish = wish
        self._obey()
        return _ENDING[wish]

    def drawing_in(self, workplace: StudyWorkplace) -> StudyWorkplace:
        """Note that drawing begins in *workplace*, which is returned; it ends at once where that was wanted before."""
        self.break_off = workplace.break_off
        self._obey()
        return workplace

    def _obey(self) -> None:
        if self.is_breaking_off and self.break_off is not None:
            self.break_off()


class StudyLedger:
    """Every study in *studies_folder* that a desk has begun, those of earlier desks too.

    Take `lock` around whatever must be seen as one step; it may be taken twice.
    """

    def __init__(self, studies_folder: Path) -> None:
        self.lock = threading.RLock()
        self._studies_folder = studies_folder
        self._entries = {status.id: StudyEntry(folder, status) for folder, status in found_studies(studies_folder)}

    def entry(self, study_id: str) -> StudyEntry:
        """Return the entry of the study.

        Raises:
            UnknownNameError: there is no such study.
        """
        entry = self._entries.get(study_id)
        if entry is None:
            raise UnknownNameError(f"There is no study {study_id[:80]!r}; the list of studies names those there are.")
        return entry

    def entries(self) -> list[StudyEntry]:
        """Return every entry, the latest first."""
        with self.lock:
            return list(reversed(self._entries.values()))

    def open_entry(self, order: StudyOrder) -> StudyEntry:
        """Make a folder for *order* and enter it.

        Raises:
            InvalidInputError: the folder cannot be written.
        """
        words = re.sub(r"[^0-9A-Za-z]+", "-", order.name)[:40].strip("-").lower() or "study"
        study_id = f"{words}-{time.strftime('%Y%m%d-%H%M%S')}-{secrets.token_hex(2)}"
        folder = self._studies_folder / study_id
        write_order(folder, order)
        status = StudyStatus(study_id, order.name.strip() or study_id, "waiting", budget=order.choices.budget)
        with self.lock:
            return self._entries.setdefault(study_id, StudyEntry(folder, status))

    def change(self, entry: StudyEntry, **changes: object) -> None:
        """Change fields of the status, and write it."""
        with self.lock:
            entry.status = replace(entry.status, **changes)  # type: ignore[arg-type]  # replace checks the names
            self.write(entry)

    def is_stop_wanted(self, entry: StudyEntry) -> bool:
        """Tell the run of *entry* whether it is to end; once told so it will, whatever is wished then."""
        with self.lock:
            entry.has_heard = entry.has_heard or entry.wish is not None
            return entry.has_heard

    def hear(self, status: StudyStatus) -> None:
        """Take over what a watch says, but for the state, and write it now and then."""
        with self.lock:
            entry = self._entries[status.id]
            entry.status = replace(status, state=entry.status.state)
            if time.monotonic() - entry.written > _SECONDS_BETWEEN_WRITES:
                self.write(entry)

    def write(self, entry: StudyEntry) -> None:
        """Write the status; where that fails the study itself goes on, and only a restart would know less."""
        try:
            write_status(entry.folder, entry.status)
        except InvalidInputError as error:
            _log.warning("%s", error)
        entry.written = time.monotonic()
