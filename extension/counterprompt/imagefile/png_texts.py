"""Finds the texts of a PNG without decoding its pixels (PNG specification, third edition, sections 5 and 11.3)."""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING

from counterprompt.imagefile.bounds import MAX_PARTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from counterprompt.imagefile.findings import Findings

SIGNATURE = b"\x89PNG\r\n\x1a\n"
_FRAME_BYTES = 12
_XMP_KEYWORD = "XML:com.adobe.xmp"
_OLD_EXIF_KEYWORDS = ("Raw profile type exif", "Raw profile type APP1")
"""Under which ImageMagick keeps EXIF, in hexadecimal digits."""


def find_png_texts(content: bytes, found: Findings) -> None:
    """Add to *found* the size, every text chunk, before or behind the pixels, and the EXIF block of a PNG."""
    kind = b""
    for kind, start, end in walk_png(content):
        if kind == b"IHDR" and end - start >= 8:
            found.width, found.height = struct.unpack_from(">II", content, start)
        elif kind == b"eXIf":
            found.exif = content[start:end]
        elif kind in _READERS:
            if zlib.crc32(memoryview(content)[start - 4 : end]) != int.from_bytes(content[end : end + 4], "big"):
                found.damage.append(f"has a damaged {kind.decode()} chunk: its checksum is wrong")
            _READERS[kind](content[start:end], found)
    if kind != b"IEND":
        found.is_cut_off = True
    if not found.exif:
        found.exif = _take_old_exif(found)


def walk_png(content: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Kind, start and end of the body of each whole chunk, up to the last one or MAX_PARTS of them."""
    offset = len(SIGNATURE)
    for _ in range(MAX_PARTS):
        length = int.from_bytes(content[offset : offset + 4], "big")
        kind, start = content[offset + 4 : offset + 8], offset + 8
        offset += _FRAME_BYTES + length
        if offset > len(content):
            return
        yield kind, start, start + length
        if kind == b"IEND":
            return


def _add_plain(body: bytes, found: Findings) -> None:
    keyword, _, text = body.partition(b"\x00")
    _add(keyword, text, "latin-1", False, found)


def _add_compressed(body: bytes, found: Findings) -> None:
    keyword, _, packed = body.partition(b"\x00")
    _add(keyword, packed[1:], "latin-1", True, found)


def _add_international(body: bytes, found: Findings) -> None:
    """Two bytes say whether and how the text is compressed; then come a language and a translated keyword."""
    keyword, _, rest = body.partition(b"\x00")
    text = rest[2:].split(b"\x00", 2)[-1]
    _add(keyword, text, "utf-8", rest[:1] == b"\x01", found)


def _add(key: bytes, text: bytes, encoding: str, is_packed: bool, found: Findings) -> None:
    keyword = key[:79].decode("latin-1")
    place = f'the PNG text "{keyword}"'
    if keyword == _XMP_KEYWORD:
        keyword, place = "xmp", "the XMP packet"
    if is_packed:
        found.add_packed_text(keyword, place, text, encoding)
    else:
        found.add_text(keyword, place, text, encoding)


def _take_old_exif(found: Findings) -> bytes:
    """Take ImageMagick's EXIF out of the texts: a name, a length and hexadecimal digits, a line each or more."""
    for keyword in _OLD_EXIF_KEYWORDS:
        text = found.texts.pop(keyword, None)
        if text is None:
            continue
        try:
            return bytes.fromhex("".join(text.split()[2:]))
        except ValueError:
            continue
    return b""


_READERS = {b"tEXt": _add_plain, b"zTXt": _add_compressed, b"iTXt": _add_international}
