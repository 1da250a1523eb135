"""The study behind the script "Counterprompt: tune": begun, or gone on with where Generate was interrupted."""

from __future__ import annotations

import re
import secrets
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from counterprompt.errors import CounterpromptError, StoppedError
from counterprompt.webui.study_folder import found_studies, read_order, write_order, write_status
from counterprompt.webui.study_run import StudyWorkplace, pictures_to_show, run_order
from counterprompt.webui.study_values import RESUMABLE, StudyOrder, StudyState, StudyStatus
from counterprompt.webui.study_watch import StudyWatch
from counterprompt.whole_files import replace_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from counterprompt.report.content import ReportContent

FINGERPRINT_FILE: Final = "txt2img.txt"
"""Holds the fingerprint of all else that was set in txt2img."""


@dataclass
class TuneStudy:
    """A study in its folder."""

    folder: Path
    """Where it is kept."""
    order: StudyOrder
    """What was wanted."""
    status: StudyStatus
    """Where it stands."""

    def run(
        self, workplace: StudyWorkplace, told: Callable[[StudyStatus], None], is_stop_wanted: Callable[[], bool]
    ) -> ReportContent:
        """Run it in this thread, telling each new status, and keep the last one; raises what `run_order` raises."""

        def hear(status: StudyStatus) -> None:
            self.status = status
            told(status)

        self._keep("running", "")
        watch = StudyWatch(self.status, self.folder, hear, is_stop_wanted)
        try:
            content = run_order(self.order, self.folder, workplace, watch)
        except BaseException as error:
            self._keep("failed" if not _is_stop(error) else "stopped", str(error)[:600])
            raise
        shown = pictures_to_show(content, self.folder)
        self.status = replace(
            self.status,
            verdict=content.verdict,
            baseline_picture=shown["baseline_picture"],
            best_picture=shown["best_picture"],
        )
        self._keep("done", "")
        return content

    def _keep(self, state: StudyState, message: str) -> None:
        self.status = replace(self.status, state=state, message=message, seconds_left=None)
        write_status(self.folder, self.status)


def open_study(studies_folder: Path, order: StudyOrder, fingerprint: str, *, is_seed_random: bool) -> TuneStudy:
    """Go on with the latest unfinished study of the same settings, or begin one.

    Args:
        studies_folder: where studies are kept.
        order: what is wanted.
        fingerprint: of all else that is set in txt2img.
        is_seed_random: whether any seed will do, so that an interrupted study with another is the same.

    Raises:
        InvalidInputError: the folder cannot be written.
    """
    for folder, status in reversed(found_studies(studies_folder)):
        if status.state in RESUMABLE and _is_same(folder, order, fingerprint, is_seed_random):
            return TuneStudy(folder, read_order(folder), status)
    words = re.sub(r"[^0-9A-Za-z]+", "-", order.name)[:40].strip("-").lower() or "txt2img"
    study_id = f"{words}-{time.strftime('%Y%m%d-%H%M%S')}-{secrets.token_hex(2)}"
    folder = studies_folder / study_id
    write_order(folder, order)
    replace_text(folder / FINGERPRINT_FILE, fingerprint)
    return TuneStudy(folder, order, StudyStatus(study_id, order.name, "waiting", budget=order.choices.budget))


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
