"""Replaces the EXIF segment of a JPEG without touching its pixels (ITU-T T.81, annex B; EXIF 2.32, 4.5.4)."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from counterprompt.imagefile.exif_directory import EXIF_HEADER

if TYPE_CHECKING:
    from collections.abc import Iterator

SIGNATURE = b"\xff\xd8"
_EXIF_MARKER = 0xE1
_JFIF_MARKER = 0xE0
_SCAN_MARKER = 0xDA
_LONGEST_SEGMENT = 65_533


def replace_jpeg_exif(content: bytes, exif: bytes) -> bytes:
    """Put *exif* (with its "Exif" header) behind the JFIF header, in the place of every EXIF segment there was.

    Raises:
        ValueError: *content* is no whole JPEG, or *exif* exceeds the 65533 bytes of a segment.
    """
    if len(exif) > _LONGEST_SEGMENT:
        raise ValueError(f"a JPEG holds {_LONGEST_SEGMENT} bytes of EXIF and {len(exif)} are needed")
    kept = [segment for segment in _split_header(content) if not _is_exif(segment)]
    pixels = content[_find_scan(content) :]
    jfif_count = 1 if kept and kept[0][1] == _JFIF_MARKER else 0
    segment = struct.pack(">BBH", 0xFF, _EXIF_MARKER, len(exif) + 2) + exif
    return SIGNATURE + b"".join([*kept[:jfif_count], segment, *kept[jfif_count:]]) + pixels


def _split_header(content: bytes) -> Iterator[bytes]:
    """Each segment before the first scan, with its marker and length."""
    offset = len(SIGNATURE)
    while True:
        while content[offset + 1 : offset + 2] == b"\xff":  # fill bytes may precede a marker
            offset += 1
        if offset + 4 > len(content) or content[offset] != 0xFF:
            raise ValueError("the JPEG is cut off before its pixels")
        if content[offset + 1] == _SCAN_MARKER:
            return
        end = offset + 2 + struct.unpack_from(">H", content, offset + 2)[0]
        yield content[offset:end]
        offset = end


def _is_exif(segment: bytes) -> bool:
    return segment[1] == _EXIF_MARKER and segment[4:10] == EXIF_HEADER


def _find_scan(content: bytes) -> int:
    return len(SIGNATURE) + sum(len(segment) for segment in _split_header(content))
