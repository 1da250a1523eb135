"""The report's files in a study folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PIL import Image

from counterprompt.errors import InvalidInputError
from counterprompt.report.files import keep_dropped, load_dropped, load_report, write_report
from counterprompt.report.picture_record import PictureRecord, TagChip

if TYPE_CHECKING:
    from pathlib import Path

    from counterprompt.report.content import ReportContent


def test_a_report_is_written_and_loaded(content: ReportContent, folder: Path) -> None:
    """Page and JSON lie side by side, and the JSON alone renders the page again."""
    page = write_report(content, folder)
    first = page.read_text(encoding="utf-8")
    page.unlink()

    write_report(load_report(folder), folder)

    assert first == page.read_text(encoding="utf-8")


def test_a_missing_report_names_the_remedy(tmp_path: Path) -> None:
    """A study that has not ended is to be resumed."""
    with pytest.raises(InvalidInputError, match="counterprompt resume"):
        load_report(tmp_path)


def test_the_dropped_picture_is_kept(tmp_path: Path) -> None:
    """Its record is read back equal, and its copy is small."""
    record = PictureRecord("dropped.png", "a cat", "AUTOMATIC1111", (TagChip("cat", "confirmed", 1.0, 0.5),), "merge")

    keep_dropped(Image.new("RGB", (2000, 1000)), record, tmp_path / "new")

    assert record == load_dropped(tmp_path / "new")
    assert (640, 320) == Image.open(tmp_path / "new" / "dropped.png").size


@pytest.mark.parametrize("text", ["", "{", "[]", '{"dropped": 3}'])
def test_a_damaged_record_is_as_good_as_none(tmp_path: Path, text: str) -> None:
    """A report is still rendered without what was read."""
    (tmp_path / "picture.json").write_text(text)

    assert PictureRecord() == load_dropped(tmp_path)


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    """A file in the way becomes one plain sentence."""
    (tmp_path / "file").write_text("")

    with pytest.raises(InvalidInputError, match="cannot be written"):
        keep_dropped(Image.new("RGB", (8, 8)), PictureRecord(), tmp_path / "file")


def test_the_command_that_finishes_a_study_can_be_pasted(tmp_path):
    """A folder with a space in its name stands in quotes."""
    folder = tmp_path / "my study"

    with pytest.raises(InvalidInputError, match=f"`counterprompt resume '{folder}'` finishes"):
        load_report(folder)
