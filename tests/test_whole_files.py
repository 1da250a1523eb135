"""Files that are always whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from counterprompt.errors import InvalidInputError
from counterprompt.whole_files import naming_the_remedy, replace_text, replacing

if TYPE_CHECKING:
    from pathlib import Path


def test_the_new_text_takes_the_place_of_the_old(tmp_path: Path) -> None:
    """Nothing else is left in the folder, and line ends stay."""
    path = tmp_path / "page.html"
    path.write_text("old")

    replace_text(path, "new\r\nlines\n")

    assert [path] == list(tmp_path.iterdir())
    assert b"new\r\nlines\n" == path.read_bytes()


def test_of_several_writers_the_last_one_counts_whole(tmp_path: Path) -> None:
    """Two of them at once, as two tabs or programs are, neither fail nor leave half of a text or a file behind."""
    path = tmp_path / "page.html"

    with replacing(path) as first:
        first.write_text("first")
        with replacing(path) as second:
            second.write_text("second")
        assert "second" == path.read_text()

    assert "first" == path.read_text()
    assert [path] == list(tmp_path.iterdir())


def test_a_long_name_is_taken(tmp_path: Path) -> None:
    """A name as long as the disk takes has room beside it."""
    path = tmp_path / ("n" * 250 + ".txt")

    replace_text(path, "new")

    assert [path] == list(tmp_path.iterdir())


def test_a_failure_half_way_leaves_the_old_file(tmp_path: Path) -> None:
    """What was written aside is removed, and the fault comes through."""
    path = tmp_path / "page.html"
    path.write_text("old")

    def fail() -> None:
        with replacing(path) as aside:
            aside.write_text("half")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()

    assert [path] == list(tmp_path.iterdir())
    assert "old" == path.read_text()


def test_a_folder_in_the_way_is_told(tmp_path: Path) -> None:
    """A file cannot replace a folder; nothing is left beside it."""
    (tmp_path / "page.html").mkdir()

    with pytest.raises(OSError, match=r"page\.html"):
        replace_text(tmp_path / "page.html", "new")

    assert ["page.html"] == [path.name for path in tmp_path.iterdir()]


def test_a_text_that_is_no_unicode_can_be_written(tmp_path: Path) -> None:
    """A lone surrogate becomes a question mark where that is asked for."""
    replace_text(tmp_path / "page.html", "a\ud800b", errors="replace")

    assert "a?b" == (tmp_path / "page.html").read_text()


def test_a_fault_of_the_disk_becomes_a_sentence(tmp_path: Path) -> None:
    """It names the place, the cause and the remedy."""
    told = r"the page cannot be written \(No such file or directory\); name another\."

    with pytest.raises(InvalidInputError, match=told), naming_the_remedy("the page", "name another"):
        replace_text(tmp_path / "nowhere" / "page.html", "new")
