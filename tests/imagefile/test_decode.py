"""Decoding within bounds."""

import struct
import zlib
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


def test_grey_of_16_bits_keeps_what_is_transparent() -> None:
    """The one level that a PNG calls transparent is white, and no level that looks like it in 8 bits."""
    levels = struct.pack(">4H", 0, 200, 51_400, 65_535)
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", 4, 1, 16, 0, 0, 0, 0)),
        (b"tRNS", struct.pack(">H", 200)),
        (b"IDAT", zlib.compress(b"\0" + levels)),
        (b"IEND", b""),
    )  # by hand, since not every Pillow writes such a picture
    written = (
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in chunks
    )
    content = b"\x89PNG\r\n\x1a\n" + b"".join(written)

    shown = to_rgb(decode_picture(PictureBytes("a.png", content)))

    assert [0, 255, 200, 255] == [shown.getpixel((x, 0))[0] for x in range(4)]
