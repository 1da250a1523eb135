"""Prompts compared in the background."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from PIL import Image

from counterprompt.errors import InvalidInputError
from counterprompt.generation.fake import FakeGenerator
from counterprompt.settings import Settings
from counterprompt.webui.study_run import StudyWorkplace
from counterprompt.webui.tab.case import bytes_of_picture
from counterprompt.webui.tab.comparison_desk import ComparisonDesk
from counterprompt.webui.tab.comparison_page import render_comparison
from counterprompt.webui.tab.words import ENGLISH


def test_a_fault_ends_as_a_sentence(tmp_path: Path) -> None:
    """Where the workplace cannot be had, the status says why and the page shows it as an alert."""

    def workplace() -> StudyWorkplace:
        raise InvalidInputError("No checkpoint is loaded; choose one.")

    desk = ComparisonDesk(workplace)
    desk.start(bytes_of_picture(Image.new("RGB", (64, 64)), "a\nSteps: 1"), "reproduce", 4)
    for _ in range(200):
        if desk.status.state != "running":
            break
        time.sleep(0.05)

    assert "failed" == desk.status.state
    assert 'role="alert">No checkpoint is loaded; choose one.' in render_comparison(desk.status, ENGLISH)


@pytest.mark.parametrize("seeds", [0, 3, 65])
def test_the_number_of_seeds_is_checked(tmp_path: Path, seeds: int) -> None:
    """Too few tell nothing, too many take the night."""
    desk = ComparisonDesk(lambda: StudyWorkplace(FakeGenerator(), Settings(tmp_path)))

    with pytest.raises(InvalidInputError, match="4 to 64"):
        desk.start(b"", "reproduce", seeds)
    assert "" == render_comparison(desk.status, ENGLISH)
