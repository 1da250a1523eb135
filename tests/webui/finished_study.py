"""Studies that have ended, as a desk finds them: one with a gain, one without, one whose candidate spoils something."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from counterprompt.ports import GenerationRequest
from counterprompt.report.content import FieldValues, HeldOutResult, ReportContent
from counterprompt.report.explanations import GuardRow
from counterprompt.report.files import write_report
from counterprompt.webui.study_folder import write_order, write_status
from counterprompt.webui.study_values import StudyOrder, StudyStatus
from counterprompt.workflow.baseline import TuneChoices

if TYPE_CHECKING:
    from pathlib import Path

GAIN: Final = ReportContent(
    verdict="gain",
    created="2026-01-01T00:00:00+00:00",
    generator="webui: this one",
    baseline=FieldValues("a cat", "", 7.0),
    winner=FieldValues("a cat", "blurry", 6.5),
    held_out=HeldOutResult(24, 1.2, (0.8, 1.6), 0.9),
    pictures=120,
    study="s1",
)
"""A study that proved a gain."""
NO_GAIN: Final = replace(GAIN, verdict="no gain", held_out=HeldOutResult(24, 0.1, (-0.2, 0.4), 0.5))
"""One that proved none."""
SPOILING: Final = replace(
    GAIN, verdict="no gain", guards=(GuardRow("noise", True, "There is more noise than in yours."),)
)
"""One whose best candidate scores higher and spoils something else."""


def keep_study(studies_folder: Path, study_id: str, content: ReportContent) -> None:
    """Put a finished study that found *content* into *studies_folder*."""
    folder = studies_folder / study_id
    write_order(folder, StudyOrder(baseline=GenerationRequest("a cat", "", 1), choices=TuneChoices(), name=study_id))
    write_report(content, folder)
    write_status(folder, StudyStatus(study_id, study_id, "done", pictures=120, budget=120, verdict=content.verdict))
