"""Text chunks of a PNG."""

from collections.abc import Callable

import pytest
from PIL import PngImagePlugin

from counterprompt.imagefile.png_chunks import replace_png_text

Maker = Callable[..., bytes]


def test_all_other_bytes_stay(make_png: Maker) -> None:
    """Writing the text that is there gives the same file; another text changes its chunk only."""
    png = make_png({"other": "x", "parameters": "old text", "more": "y"}) + b"trailing bytes"

    assert png == replace_png_text(png, "parameters", "old text")
    assert make_png({"other": "x", "parameters": "new", "more": "y"}) == replace_png_text(
        png[:-14], "parameters", "new"
    )


def test_a_new_chunk_stands_before_the_pixels(make_png: Maker) -> None:
    """A PNG without the chunk gets it where the WebUI would have written it."""
    assert make_png({"parameters": "new"}) == replace_png_text(make_png(), "parameters", "new")


@pytest.mark.parametrize("text", ["plain", "é", "猫"])
def test_the_chunk_is_the_webuis(make_png: Maker, text: str) -> None:
    """Latin-1 goes to tEXt and all else to iTXt, as Pillow writes it for the WebUI."""
    assert make_png({"parameters": text}) == replace_png_text(make_png({"parameters": "old"}), "parameters", text)


def test_of_several_chunks_one_is_left(make_png: Maker) -> None:
    """Every chunk of the key gives way to the new one."""
    first, second = make_png({"parameters": "a"}), make_png({"parameters": "猫"})
    chunk = second[33 : second.index(b"IDAT") - 4]

    assert make_png({"parameters": "new"}) == replace_png_text(first[:33] + chunk + first[33:], "parameters", "new")


@pytest.mark.parametrize("cut", [8, 20, 40, -1])
def test_cut_off_files_are_refused(make_png: Maker, cut: int) -> None:
    """Nothing is written into half a PNG."""
    with pytest.raises(ValueError, match="cut off"):
        replace_png_text(make_png({"a": PngImagePlugin.__name__})[:cut], "parameters", "new")
