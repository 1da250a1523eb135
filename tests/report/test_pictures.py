"""Pictures as data URLs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PIL import Image

from counterprompt.report.pictures import picture_tag

if TYPE_CHECKING:
    from pathlib import Path


def test_a_small_picture_keeps_its_pixels(tmp_path: Path) -> None:
    """Small pictures are embedded losslessly and drawn with hard edges: blur would look like a defect."""
    Image.new("RGB", (64, 64)).save(tmp_path / "a.png")

    tag = picture_tag(tmp_path, "a.png", "a")

    assert tag.startswith('<img class="pixel" src="data:image/png;base64,')


def test_a_large_picture_is_scaled_down(tmp_path: Path) -> None:
    """Large pictures become small JPEGs."""
    Image.new("RGB", (1024, 512)).save(tmp_path / "a.png")

    tag = picture_tag(tmp_path, "a.png", "a")

    assert 'src="data:image/jpeg;base64,' in tag
    assert 'width="448" height="224"' in tag


@pytest.mark.parametrize("name", ["", "missing.png", "text.png", "/etc/passwd", "../a.png", "..\\a.png"])
def test_what_cannot_be_shown_is_left_out(tmp_path: Path, name: str) -> None:
    """Missing, broken and outside files give no picture and no error."""
    (tmp_path / "text.png").write_text("no picture")

    assert "" == picture_tag(tmp_path, name, "a")
