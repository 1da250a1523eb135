"""Tests for a study on the host's own progress bar."""

from __future__ import annotations

from counterprompt.webui.study_values import Leader, StudyStatus
from counterprompt.webui.tune_progress import status_text


def test_the_line_tells_stage_pictures_and_lead() -> None:
    """The bar's text says where the study stands, and how good the best is once it is better."""
    status = StudyStatus("a", "a", "running", stage="search", pictures=12, budget=40)
    ahead = Leader("CFG 8", 0.4, 4)

    assert "Counterprompt, search: 12 of 40 pictures" == status_text(status)
    assert status_text(StudyStatus("a", "a", "running", leaders=(ahead,))).endswith("best so far +0.40")
