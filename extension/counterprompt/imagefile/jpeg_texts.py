"""Finds the texts of a JPEG without decoding its pixels (ITU-T T.81, annex B; EXIF 2.32, 4.7; XMP part 3, 1.1.3)."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from counterprompt.imagefile.bounds import MAX_PARTS
from counterprompt.imagefile.exif_directory import EXIF_HEADER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from counterprompt.imagefile.findings import Findings

_PREFIX, _APP1, _COMMENT, _SCAN = 0xFF, 0xE1, 0xFE, 0xDA
_XMP_HEADER = b"http://ns.adobe.com/xap/1.0/\x00"
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""The markers of a frame header, which tells the size; the others in this row are tables."""
_TELLING = _FRAMES | {_APP1, _COMMENT, _SCAN}
_HEADER = struct.Struct(">BBH")
"""Prefix, marker, and the length, which counts itself but not the marker."""
END = b"\xff\xd9"


def find_jpeg_texts(content: bytes, found: Findings) -> None:
    """Add to *found* the size, the comment, the XMP packet and the EXIF block, joined where it has several segments."""
    exif: list[bytes] = []
    scan = 0
    for marker, start, end in _walk_segments(content):
        if marker == _SCAN:
            scan = end
        elif marker in _FRAMES and end - start >= 5:
            found.height, found.width = struct.unpack_from(">HH", content, start + 1)
        elif marker == _COMMENT:
            found.add_text("comment", "the JPEG comment", content[start:end])
        elif marker == _APP1 and content.startswith(EXIF_HEADER, start, end):
            exif.append(content[start + len(EXIF_HEADER) : end])
        elif marker == _APP1 and content.startswith(_XMP_HEADER, start, end):
            found.add_text("xmp", "the XMP packet", content[start + len(_XMP_HEADER) : end])
    found.exif = b"".join(exif)
    if not scan or content.rfind(END, scan) < 0:
        found.is_cut_off = True


def find_scan(content: bytes) -> int:
    """Offset behind the first scan header, where the pixels start; 0 where *content* ends before it or is no JPEG."""
    if not content.startswith(b"\xff\xd8\xff"):
        return 0
    return next((end for marker, _, end in _walk_segments(content) if marker == _SCAN), 0)


def _walk_segments(content: bytes) -> Iterator[tuple[int, int, int]]:
    """Marker, start and end of the body of each whole segment that may tell something, up to the first scan header."""
    offset, size = 2, len(content)
    for _ in range(MAX_PARTS):
        if offset + _HEADER.size > size:
            return
        prefix, marker, length = _HEADER.unpack_from(content, offset)
        if marker == _PREFIX == prefix:  # fill bytes may precede a marker
            offset += 1
            continue
        end = offset + 2 + length
        if prefix != _PREFIX or length < 2 or end > size:
            return
        if marker in _TELLING:
            yield marker, offset + _HEADER.size, end
            if marker == _SCAN:
                return
        offset = end
