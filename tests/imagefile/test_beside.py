"""The text file beside a picture."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from counterprompt.imagefile.beside import find_text_beside
from counterprompt.imagefile.read import read_picture

Maker = Callable[..., bytes]


def test_a_silent_picture_is_told_by_its_text(tmp_path: Path, make_png: Maker, infotext: str) -> None:
    """What the WebUI saved beside the picture counts where the picture says nothing, and only there."""
    (tmp_path / "a.txt").write_bytes(infotext.encode() + b"\n")
    (tmp_path / "a.png").write_bytes(make_png())
    (tmp_path / "a.jpg").write_bytes(make_png({"parameters": "openly"}))

    silent, open_ = read_picture(tmp_path / "a.png"), read_picture(tmp_path / "a.jpg")

    assert (infotext, "the text file beside it") == (silent.infotext, silent.place)
    assert "openly" == open_.infotext


@pytest.mark.parametrize("text", [b"1girl, solo", b"", b"\xff\xfeS\0", b"Steps: 1" + b" " * 5_000_000])
def test_captions_are_not_taken_for_infotexts(tmp_path: Path, make_png: Maker, text: bytes) -> None:
    """A training caption, an empty, broken or huge file says nothing about the making."""
    (tmp_path / "a.txt").write_bytes(text)
    (tmp_path / "a.png").write_bytes(make_png())

    assert "none" == read_picture(tmp_path / "a.png").program


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    """Nobody may ever write into it."""
    os.mkfifo(tmp_path / "a.txt")

    assert find_text_beside(tmp_path / "a.png") is None


def test_there_need_not_be_any(tmp_path: Path) -> None:
    """No file, a folder of that name and a picture from memory all give nothing."""
    (tmp_path / "b.txt").mkdir()

    assert [None] * 3 == [find_text_beside(source) for source in (tmp_path / "a.png", tmp_path / "b.png", b"bytes")]
