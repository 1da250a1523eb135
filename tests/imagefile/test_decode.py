"""Decoding within bounds."""

from collections.abc import Callable

import pytest

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
