"""Finds the infotext that is hidden in the lowest bits of a picture's pixels.

NovelAI, Forge and the stealth-pnginfo extension write it: column by column, one bit a pixel into alpha or three into
red, green and blue; a signature of 15 letters, the length in bits as 32 bits, then the text in UTF-8, plain or gzipped.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from counterprompt.imagefile.bounds import MAX_STEALTH_PIXELS, MAX_TEXT_BYTES
from counterprompt.imagefile.decode import decode_picture
from counterprompt.imagefile.findings import Findings
from counterprompt.imagefile.first_column import read_first_column
from counterprompt.imagefile.inflate import GZIP
from counterprompt.imagefile.walk import tell_container

if TYPE_CHECKING:
    from PIL import Image

    from counterprompt.imagefile.source import PictureBytes

_SIGNATURES = {
    b"stealth_pnginfo": (True, False),
    b"stealth_pngcomp": (True, True),
    b"stealth_rgbinfo": (False, False),
    b"stealth_rgbcomp": (False, True),
}
"""Signature to whether it stands in alpha and whether the text is gzipped."""
_SIGNATURE_BYTES = 15
_HEADER_BITS = (_SIGNATURE_BYTES + 4) * 8
_LETTER_BITS = 8
_PLACES = {True: "the alpha channel (stealth infotext)", False: "the color channels (stealth infotext)"}


def find_stealth_texts(picture: PictureBytes, width: int, height: int) -> Findings:
    """Find the hidden texts of a PNG or of a WebP without loss; *width* and *height* are as stored.

    A plain text comes under "parameters", each value of a JSON object, as NovelAI writes, under its own keyword.

    Raises:
        InvalidInputError: the picture begins like one that hides a text but is broken or cut off.
    """
    found = Findings()
    found.width, found.height = width, height
    if width * height * 3 < _HEADER_BITS or width * height > MAX_STEALTH_PIXELS or not _may_hide(picture, height):
        return found
    image = decode_picture(picture)
    for is_alpha in (True, False):
        bits = _LowBits(image, is_alpha)
        kind = _SIGNATURES.get(bits.read(0, _SIGNATURE_BYTES))
        if kind is not None and kind[0] == is_alpha:
            _add_hidden(bits, kind[1], _PLACES[is_alpha], found)
    return found


def _may_hide(picture: PictureBytes, height: int) -> bool:
    """Tell at little cost; lossless WebP with alpha cannot be told without decoding it."""
    container = tell_container(picture.content)
    if container == "WebP":
        return picture.content[12:16] == b"VP8L" and bool(picture.content[24:25]) and bool(picture.content[24] & 0x10)
    return container == "PNG" and (_starts_like_one(picture.content, 1) or _starts_like_one(picture.content, 0))


def _starts_like_one(content: bytes, is_alpha: int) -> bool:
    """Compare the first column with the signatures, its first letter's rows before the others."""
    for wanted in (_LETTER_BITS, _SIGNATURE_BYTES * 8):
        pixels = read_first_column(content, wanted if is_alpha else -(-wanted // 3))
        if not pixels or (is_alpha and len(pixels[0]) < 4):
            return False
        bits = "".join(str(value & 1) for pixel in pixels for value in (pixel[3:] if is_alpha else pixel[:3]))[:wanted]
        if not any(_as_bits(signature).startswith(bits) for signature in _SIGNATURES):
            return False
    return True


def _as_bits(letters: bytes) -> str:
    return "".join(f"{letter:08b}" for letter in letters)


class _LowBits:
    """The lowest bits of a picture's pixels, column by column."""

    def __init__(self, image: Image.Image, is_alpha: bool) -> None:
        import numpy as np

        array = np.asarray(image) if image.mode in ("RGB", "RGBA") else np.zeros((1, 1, 3), np.uint8)
        self._columns = (array[..., 3:] if is_alpha else array[..., :3]).transpose(1, 0, 2)
        self.count = self._columns.size

    def read(self, start: int, size: int) -> bytes:
        """Up to *size* bytes from bit *start* on."""
        import numpy as np

        a_column = max(self._columns.shape[1] * self._columns.shape[2], 1)
        first = start // a_column
        columns = self._columns[first : (start + size * 8) // a_column + 1]
        return np.packbits(columns.reshape(-1)[start - first * a_column :][: size * 8] & 1).tobytes()


def _add_hidden(bits: _LowBits, is_packed: bool, place: str, found: Findings) -> None:
    size = int.from_bytes(bits.read(_SIGNATURE_BYTES * 8, 4), "big") // 8
    if size > min(MAX_TEXT_BYTES, (bits.count - _HEADER_BITS) // 8):
        found.damage.append(f"has a text in {place} that is left out: {size} bytes are more than it can hold")
        return
    body = bits.read(_HEADER_BITS, size)
    if is_packed:
        found.add_packed_text("parameters", place, body, window=GZIP)
    else:
        found.add_text("parameters", place, body)
    _spread(found, place)


def _spread(found: Findings, place: str) -> None:
    """Put the values of NovelAI's object in the place of the text they came as."""
    text = found.texts.get("parameters", "")
    if not text.startswith("{"):
        return
    try:
        values = json.loads(text)
    except (ValueError, RecursionError):
        return
    if "Comment" in values:
        del found.texts["parameters"], found.places["parameters"]
        for key, value in values.items():
            found.place_text(key, place, value if isinstance(value, str) else json.dumps(value))
