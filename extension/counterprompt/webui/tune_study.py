"""The study behind the script "Counterprompt: tune": begun, or gone on with where Generate was interrupted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from counterprompt.errors import CounterpromptError, StoppedError
from counterprompt.webui.study_folder import FINGERPRINT_FILE, read_order
from counterprompt.webui.study_run import StudyWorkplace, pictures_to_show, run_order
from counterprompt.webui.study_values import RESUMABLE, StudyOrder, StudyStatus
from counterprompt.webui.study_watch import StudyWatch
from counterprompt.whole_files import replace_text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from counterprompt.report.content import ReportContent
    from counterprompt.webui.study_ledger import StudyEntry, StudyLedger


@dataclass(frozen=True)
class TuneStudy:
    """A study in the desk's book, which runs in whatever thread presses Generate."""

    entry: StudyEntry
    """Its place in the book: folder, status, and whether somebody at the desk wants it to end."""
    order: StudyOrder
    """What was wanted."""
    ledger: StudyLedger
    """The book."""

    @property
    def folder(self) -> Path:
        """Where it is kept."""
        return self.entry.folder

    @property
    def status(self) -> StudyStatus:
        """Where it stands."""
        return self.entry.status

    def run(
        self, workplace: StudyWorkplace, told: Callable[[StudyStatus], None], is_stop_wanted: Callable[[], bool]
    ) -> ReportContent:
        """Run it in this thread, telling each new status, and keep the last one; raises what `run_order` raises."""

        def hear(status: StudyStatus) -> None:
            self.ledger.hear(status)
            told(self.status)

        self.entry.wish = None
        self.ledger.change(self.entry, state="running", message="", seconds_left=None)
        watch = StudyWatch(self.status, self.folder, hear, lambda: is_stop_wanted() or self.entry.wish is not None)
        self.entry.drawing_in(workplace)
        try:
            content = run_order(self.order, self.folder, workplace, watch)
        except BaseException as error:
            ended = self.entry.wish or "stopped" if _is_stop(error) else "failed"
            self.ledger.change(self.entry, state=ended, message=str(error)[:600], seconds_left=None)
            raise
        finally:
            self.entry.break_off = None
        shown = pictures_to_show(content, self.folder)
        self.ledger.change(self.entry, state="done", verdict=content.verdict, message="", seconds_left=None, **shown)
        return content


def open_study(ledger: StudyLedger, order: StudyOrder, fingerprint: str, *, is_seed_random: bool) -> TuneStudy:
    """Go on with the latest unfinished study of the same settings, or begin one.

    Args:
        ledger: the desk's book.
        order: what is wanted.
        fingerprint: of all else that is set in txt2img.
        is_seed_random: whether any seed will do, so that an interrupted study with another is the same.

    Raises:
        InvalidInputError: the folder cannot be written.
    """
    for entry in ledger.entries():
        if entry.status.state in RESUMABLE and _is_same(entry.folder, order, fingerprint, is_seed_random):
            return TuneStudy(entry, read_order(entry.folder), ledger)
    entry = ledger.open_entry(order)
    replace_text(entry.folder / FINGERPRINT_FILE, fingerprint)
    return TuneStudy(entry, order, ledger)


def _is_same(folder: Path, order: StudyOrder, fingerprint: str, is_seed_random: bool) -> bool:
    try:
        if (folder / FINGERPRINT_FILE).read_text("utf-8") != fingerprint:
            return False
        kept = read_order(folder)
    except (OSError, CounterpromptError):
        return False
    if kept.baseline is None or order.baseline is None:
        return False
    baseline = replace(kept.baseline, seed=order.baseline.seed) if is_seed_random else kept.baseline
    return (baseline, kept.choices) == (order.baseline, order.choices)


def _is_stop(error: BaseException) -> bool:
    return isinstance(error, (StoppedError, KeyboardInterrupt))
