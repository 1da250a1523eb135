"""The chosen picture of a gallery."""

from __future__ import annotations

import json

import pytest
from PIL import Image

from counterprompt.errors import InvalidInputError
from counterprompt.webui.tab.gallery import infotext_of, picture_at, place_of


def test_the_infotext_of_the_chosen_picture_is_found() -> None:
    """By its place; nothing where the JSON is none or too short."""
    info = json.dumps({"infotexts": ["first", "second"]})

    assert ["second", "", "", ""] == [
        infotext_of(info, 1),
        infotext_of(info, 2),
        infotext_of("{", 0),
        infotext_of("[]", 0),
    ]


@pytest.mark.parametrize("text", ["-1", "1.5", "x", "99999", "１２３４５"])
def test_a_place_is_a_small_number(text: str) -> None:
    """Anything else a browser sends is refused; nothing means the first."""
    assert 0 == place_of("")
    with pytest.raises(InvalidInputError, match="click it"):
        place_of(text)


def test_pictures_come_as_pairs_or_by_the_hosts_own_check() -> None:
    """A picture in a pair is taken; a file is opened by nobody but the host's check."""
    image = Image.new("RGB", (8, 8))
    asked: list[object] = []

    assert image is picture_at([(image, None)], 0, asked.append)
    assert picture_at([{"name": "/etc/passwd", "is_file": True}], 0, asked.append) is None
    assert [{"name": "/etc/passwd", "is_file": True}] == asked
    assert picture_at([], 3, asked.append) is None
