"""Finds the texts of a WebP without decoding its pixels (RFC 9649, section 2)."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from counterprompt.imagefile.bounds import MAX_PARTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from counterprompt.imagefile.findings import Findings

HEADER_BYTES = 12


def find_webp_texts(content: bytes, found: Findings) -> None:
    """Add to *found* the size, the XMP packet and the EXIF block."""
    for kind, start, end in walk_webp(content):
        if kind == b"EXIF":
            found.exif = content[start:end]
        elif kind == b"XMP ":
            found.add_text("xmp", "the XMP packet", content[start:end])
        elif not found.width:
            found.width, found.height = read_webp_size(kind, content[start : start + 10])
    if HEADER_BYTES - 4 + int.from_bytes(content[4:8], "little") > len(content):
        found.is_cut_off = True


def walk_webp(content: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Kind, start and end of the body of each whole chunk; a body of odd length is followed by one byte."""
    offset = HEADER_BYTES
    for _ in range(MAX_PARTS):
        start = offset + 8
        end = start + int.from_bytes(content[offset + 4 : start], "little")
        if start > len(content) or end > len(content):
            return
        yield content[offset : offset + 4], start, end
        offset = end + (end - start) % 2


def read_webp_size(kind: bytes, body: bytes) -> tuple[int, int]:
    """Width and height in pixels from the first ten bytes of a chunk that tells them; zeros from any other."""
    if kind == b"VP8X" and len(body) >= 10:
        return int.from_bytes(body[4:7], "little") + 1, int.from_bytes(body[7:10], "little") + 1
    if kind == b"VP8L" and len(body) >= 5:
        bits = int.from_bytes(body[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8 " and len(body) >= 10:
        width, height = struct.unpack_from("<HH", body, 6)
        return width & 0x3FFF, height & 0x3FFF
    return 0, 0
