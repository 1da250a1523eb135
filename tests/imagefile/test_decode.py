"""Decoding within bounds."""

import io
from collections.abc import Callable

import pytest
from PIL import Image

from counterprompt.errors import InvalidInputError
from counterprompt.imagefile import decode
from counterprompt.imagefile.decode import decode_picture, to_rgb
from counterprompt.imagefile.source import PictureBytes


def test_the_pixel_limit_is_exact(make_png: Callable[..., bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    """A picture of as many pixels as the limit is decoded, one more is not."""
    picture = PictureBytes("a.png", make_png())
    monkeypatch.setattr(decode, "MAX_PIXELS", 12)
    assert decode_picture(picture).size == (4, 3)

    monkeypatch.setattr(decode, "MAX_PIXELS", 11)
    with pytest.raises(InvalidInputError, match="4x3"):
        decode_picture(picture)


def test_decoding_keeps_the_mode(make_png: Callable[..., bytes]) -> None:
    """Decoding alone converts nothing, and conversion of RGB changes no pixel."""
    image = decode_picture(PictureBytes("a.png", make_png()))

    assert (image.mode, image.tobytes()) == ("RGB", to_rgb(image).tobytes())


def test_formats_that_carry_no_infotext_are_refused() -> None:
    """PostScript and other formats with interpreters behind them are never opened."""
    with pytest.raises(InvalidInputError, match="not a picture"):
        decode_picture(PictureBytes("a.png", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 1 1\n%%EndComments\n"))


def test_grey_of_16_bits_keeps_what_is_transparent() -> None:
    """The one level that a PNG calls transparent is white, and no level that looks like it in 8 bits."""
    levels = [0, 200, 51_400, 65_535]
    image = Image.new("I;16", (4, 1))
    image.putdata(levels)
    file = io.BytesIO()
    image.save(file, "PNG", transparency=200)

    shown = to_rgb(decode_picture(PictureBytes("a.png", file.getvalue())))

    assert [0, 255, 200, 255] == [shown.getpixel((x, 0))[0] for x in range(4)]
