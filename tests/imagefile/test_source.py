"""The bytes of a picture."""

from pathlib import Path

import pytest

from counterprompt.errors import InvalidInputError
from counterprompt.imagefile import source
from counterprompt.imagefile.source import read_bytes


def test_a_file_is_read_whole(tmp_path: Path) -> None:
    """The name is the path, the content all bytes."""
    path = tmp_path / "a.png"
    path.write_bytes(b"abc")

    assert (str(path), b"abc") == (read_bytes(path).name, read_bytes(path).content)


@pytest.mark.parametrize(
    ("name", "complaint"), [("missing.png", "does not exist"), (".", "not a file"), ("a\0b", "exist|cannot be read")]
)
def test_what_is_no_file_is_refused(tmp_path: Path, name: str, complaint: str) -> None:
    """Missing files and folders are named as such."""
    with pytest.raises(InvalidInputError, match=complaint):
        read_bytes(tmp_path / name)


def test_empty_files_are_refused(tmp_path: Path) -> None:
    """An empty file is named as such."""
    (tmp_path / "a.png").touch()

    with pytest.raises(InvalidInputError, match="empty"):
        read_bytes(tmp_path / "a.png")


def test_huge_files_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file over the limit is refused, from a path and from memory."""
    monkeypatch.setattr(source, "MAX_FILE_BYTES", 10)
    (tmp_path / "a.png").write_bytes(bytes(11))

    for huge in (tmp_path / "a.png", bytes(11)):
        with pytest.raises(InvalidInputError, match="larger"):
            read_bytes(huge)
