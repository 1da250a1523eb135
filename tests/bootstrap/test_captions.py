"""What captions pictures for training."""

from __future__ import annotations

from pathlib import Path

from counterprompt.bootstrap import taggers
from counterprompt.bootstrap.captions import tag_folder
from counterprompt.ports import SilentProgress
from counterprompt.settings import Settings


def test_pictures_are_opened_as_everywhere(tmp_path: Path):
    """Folders are read by the adapter with its caps, so that a file that is no picture is left out."""
    settings = Settings(data_folder=tmp_path / "data")
    (tmp_path / "a.png").write_bytes(b"no picture")

    observed, left_out = tag_folder(tmp_path, taggers.load_tagger(settings), SilentProgress(), 4)

    assert ({}, ["a.png"]) == (observed, list(left_out))
