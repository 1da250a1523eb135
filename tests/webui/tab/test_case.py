"""The picture on the tab."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from counterprompt.errors import InvalidInputError
from counterprompt.settings import Settings
from counterprompt.webui.tab.case import bytes_of_picture, case_with_goal, open_case, wishes_of

TEXT = "red circle, white background\nSteps: 10, Sampler: Euler, Seed: 1, Size: 64x64, Model: miniature"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A machine with nothing but what ships."""
    return Settings(tmp_path)


def test_a_picture_from_the_host_is_read_like_a_file(settings: Settings) -> None:
    """A picture and its text, as PNG Info holds them, give the same as a file that was dropped."""
    data = bytes_of_picture(Image.new("RGB", (64, 64), "white"), TEXT)

    case = open_case(data, settings, None)

    assert "red circle, white background" == case.story.reading.params.prompt  # type: ignore[union-attr]
    assert (64, 64) == case.image.size


def test_another_goal_changes_the_advice_and_nothing_else(settings: Settings) -> None:
    """Tags and diff stay, the goal's own rule speaks."""
    case = open_case(bytes_of_picture(Image.new("RGB", (64, 64)), TEXT), settings, None)

    changed = case_with_goal(case, "restyle", "red circle")

    assert case.story.diff is changed.story.diff
    assert {"R-GOAL", "R-BLOCKED"} <= {reason.rule_id for reason in changed.story.advice.reasons}


def test_without_a_tagger_the_rest_is_told(settings: Settings, tmp_path: Path) -> None:
    """A tagger that is not there costs its tags, not the parameters, and a remark says what to do."""
    broken = Settings(tmp_path, tagger_folder=tmp_path / "nowhere")

    case = open_case(bytes_of_picture(Image.new("RGB", (64, 64)), TEXT), broken, None)

    assert case.story.reading.params is not None
    assert "nowhere" in " ".join(case.story.remarks)


@pytest.mark.parametrize("data", [None, "text", b"", b"no picture", 7])
def test_what_is_no_picture_is_refused(settings: Settings, data: object) -> None:
    """One sentence, whatever a browser sends."""
    with pytest.raises(InvalidInputError):
        open_case(data, settings, None)


def test_an_unknown_goal_is_refused(settings: Settings) -> None:
    """Before anything is read, with the goals that there are."""
    buffer = io.BytesIO()
    Image.new("RGB", (8, 8)).save(buffer, "PNG")
    with pytest.raises(InvalidInputError, match="reproduce, adapt"):
        open_case(buffer.getvalue(), settings, None, "win")


def test_blocked_words_are_parted_by_commas_and_lines() -> None:
    """Blanks around them and empty ones are dropped, too many are refused."""
    assert ("a b", "c") == wishes_of(" a b ,, c\n").blocked_words
    with pytest.raises(InvalidInputError, match="201"):
        wishes_of("x," * 201)
