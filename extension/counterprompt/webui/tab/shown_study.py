"""Which study the page shows, and what it showed of it last."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from counterprompt.webui.tab.study_page import BUSY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from counterprompt.webui.study_values import StudyStatus


def chosen_of(studies: Sequence[StudyStatus], chosen: str) -> StudyStatus | None:
    """Return the study that is *chosen*, else the one that runs, else one that waits, else the latest."""
    by_id = {study.id: study for study in studies}
    running = next((study for study in studies if study.state == "running"), None)
    busy = next((study for study in studies if study.state in BUSY), None)
    return by_id.get(chosen) or running or busy or (studies[0] if studies else None)


def shown_of(digest: object) -> tuple[str, str, str]:
    """Return what the page last showed: of the studies, whose result, of the comparison; nothing of any at first."""
    try:
        studies, result, comparison = json.loads(str(digest or ""))
    except (ValueError, TypeError):
        return "", "none yet", ""
    return str(studies), str(result), str(comparison)


def result_of(study: StudyStatus | None) -> str:
    """Name the result that a study has to show, by its id and pictures; "" where there is none."""
    return f"{study.id} {study.pictures}" if study is not None and study.state == "done" else ""
