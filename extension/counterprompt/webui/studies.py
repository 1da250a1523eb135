"""The study desk: takes orders, runs one study at a time beside the WebUI's own work, and says where each stands."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from counterprompt.report.files import load_report
from counterprompt.search.second_proof import order_second_proof
from counterprompt.webui.study_checks import refuse_if_full, refuse_to_prove, refuse_to_resume, refuse_unended
from counterprompt.webui.study_folder import at_rest
from counterprompt.webui.study_ledger import StudyEntry, StudyLedger
from counterprompt.webui.study_person import StudyPerson
from counterprompt.webui.study_run import StudyWorkplace, run_to_end
from counterprompt.webui.study_values import RESUMABLE, WrongStateError
from counterprompt.webui.study_watch import StudyWatch

if TYPE_CHECKING:
    from counterprompt.report.content import ReportContent
    from counterprompt.search.picture_cost import PictureCost
    from counterprompt.webui.study_values import StudyOrder, StudyState, StudyStatus


class StudyDesk:
    """Runs studies one after another in a thread of its own; every method can be called from any thread, at any time.

    Args:
        studies_folder: where studies are kept, each in a folder of its own; unfinished ones of earlier are found there.
        workplace: gives generator, settings and the like for the next study; called in the desk's thread.
    """

    def __init__(self, studies_folder: Path, workplace: Callable[[], StudyWorkplace]) -> None:
        self._workplace = workplace
        self.ledger = StudyLedger(studies_folder)
        self._lock = self.ledger.lock
        self._waiting: list[StudyEntry] = []
        self._worker: threading.Thread | None = None
        self._is_closed = False
        self.picture_cost: PictureCost | None = None
        """How long a picture took in the latest study; None before the first."""

    def workplace(self) -> StudyWorkplace:
        """Return what the next study would work with, for other work of that kind."""
        return self._workplace()

    def start(self, order: StudyOrder) -> str:
        """Take *order* and return the study's id; it begins at once, or when those before it have ended.

        Raises:
            InvalidInputError: too many are waiting, or the data folder cannot be written.
        """
        with self._lock:
            refuse_if_full(len(self._waiting), is_closed=self._is_closed)
            entry = self.ledger.open_entry(order)
            self._enqueue(entry)
        return entry.status.id

    def status(self, study_id: str) -> StudyStatus:
        """Say where the study stands.

        Raises:
            InvalidInputError: there is no such study.
        """
        return self.ledger.entry(study_id).status

    def studies(self) -> tuple[StudyStatus, ...]:
        """Say where every study stands, the latest first."""
        return tuple(entry.status for entry in self.ledger.entries())

    def pause(self, study_id: str) -> None:
        """Let the study end after the batch in hand, or not begin; `resume` goes on.

        Raises:
            InvalidInputError: there is no such study, or it has ended.
        """
        self._wish(self.ledger.entry(study_id), "paused")

    def stop(self, study_id: str) -> None:
        """End the study within a step of its own drawing; what is scored is kept, and `resume` could still go on.

        Half-drawn pictures are thrown away. Where others are drawing it ends when they let it have its turn.

        Raises:
            InvalidInputError: there is no such study, or it has ended.
        """
        self._wish(self.ledger.entry(study_id), "stopped")

    def resume(self, study_id: str) -> None:
        """Go on with a study that was paused or stopped or has failed, when those before it have ended.

        Raises:
            InvalidInputError: there is no such study, it has ended, or too many are waiting.
        """
        with self._lock:
            entry = self.ledger.entry(study_id)
            refuse_to_resume(entry)
            entry.wish = None
            if entry.status.state in RESUMABLE:
                refuse_if_full(len(self._waiting), is_closed=self._is_closed)
                self._enqueue(entry)

    def prove(self, study_id: str, seeds: int | None = None) -> None:
        """Prove the best candidate of an ended study once more on so many fresh *seeds*, after those that wait.

        By default they are as many as `telling_seeds` says.

        Raises:
            InvalidInputError: there is no such study, it has not ended or nothing to prove, or too many are waiting.
        """
        with self._lock:
            entry = self.ledger.entry(study_id)
            refuse_to_prove(entry)
            refuse_if_full(len(self._waiting), is_closed=self._is_closed)
            order_second_proof(entry.folder, seeds)
            entry.wish = None
            self._enqueue(entry)

    def outcome(self, study_id: str) -> ReportContent:
        """Return all that the study found.

        Raises:
            InvalidInputError: there is no such study, it has not ended, or its report is damaged.
        """
        entry = self.ledger.entry(study_id)
        refuse_unended(entry)
        return load_report(entry.folder)

    def folder(self, study_id: str) -> Path:
        """Return the study's folder.

        Raises:
            InvalidInputError: there is no such study.
        """
        return self.ledger.entry(study_id).folder

    def person(self, study_id: str) -> StudyPerson | None:
        """Return whom the study asks while it runs, None while it does not.

        Raises:
            InvalidInputError: there is no such study.
        """
        return self.ledger.entry(study_id).person

    def close(self, seconds: float = 0.0) -> None:
        """Pause whatever runs or waits and take no more work; wait at most so many *seconds* for the batch in hand."""
        with self._lock:
            self._is_closed = True
            for entry in self.ledger.entries():
                if entry.status.state in ("running", "waiting"):
                    self._wish(entry, "paused")
            worker = self._worker
        if worker is not None and seconds > 0:
            worker.join(seconds)

    def _enqueue(self, entry: StudyEntry) -> None:
        self.ledger.change(entry, state="waiting", message="", verdict=None, seconds_left=None)
        self._waiting.append(entry)
        if self._worker is None:
            self._worker = threading.Thread(target=self._work, name="counterprompt-studies", daemon=True)
            self._worker.start()

    def _wish(self, entry: StudyEntry, wish: StudyState) -> None:
        with self._lock:
            state = entry.status.state
            if state == "done":
                raise WrongStateError(f"The study {entry.status.id} has ended already.")
            if state == "running":
                self.ledger.change(entry, message=entry.end_early(wish))
            elif state == "waiting":
                self._waiting = [each for each in self._waiting if each is not entry]  # Generate's are not there
                self.ledger.change(entry, **at_rest(entry.folder, wish, ""))
            elif wish == "stopped":
                self.ledger.change(entry, state=wish)

    def _work(self) -> None:
        while True:
            with self._lock:
                if not self._waiting:
                    self._worker = None
                    return
                entry = self._waiting.pop(0)
                entry.wish, entry.has_heard = None, False
                self.ledger.change(entry, state="running")
            changes = self._run(entry)
            self.ledger.change(entry, seconds_left=None, **changes)

    def _run(self, entry: StudyEntry) -> dict[str, object]:
        """Run one study and return what has changed in its status by its end; raises nothing."""
        watch = StudyWatch(entry.status, entry.folder, self.ledger.hear, lambda: self.ledger.is_stop_wanted(entry))
        entry.person = StudyPerson(watch.is_stop_requested)
        try:
            return run_to_end(
                entry.folder, lambda: entry.drawing_in(self._workplace()), watch, entry.person, lambda: entry.wish
            )
        finally:
            with self._lock:
                entry.person = entry.break_off = None
            self.picture_cost = watch.picture_cost or self.picture_cost
