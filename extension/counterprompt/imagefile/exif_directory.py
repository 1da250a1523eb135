"""Finds values in an EXIF block (EXIF 2.32, 4.6; TIFF 6.0, section 2), however broken it is."""

from __future__ import annotations

import struct

from counterprompt.imagefile.bounds import MAX_EXIF_ENTRIES, MAX_TEXT_BYTES

EXIF_HEADER = b"Exif\x00\x00"
EXIF_IFD = 0x8769
_ENTRY_BYTES = 12
_HIGH_FIRST = b"MM"
_COUNTS = {b"II": struct.Struct("<H"), _HIGH_FIRST: struct.Struct(">H")}
_OFFSETS = {b"II": struct.Struct("<I"), _HIGH_FIRST: struct.Struct(">I")}
_ENTRIES = {b"II": struct.Struct("<HHII"), _HIGH_FIRST: struct.Struct(">HHII")}
"""Byte order to tag, type, number of values, and the value or its offset."""
_BYTE_TYPES = frozenset((1, 2, 6, 7))
"""BYTE, ASCII, SBYTE and UNDEFINED."""
_SHORT = 3
_NUMBER_TYPES = frozenset((_SHORT, 4))
"""SHORT and LONG."""


def find_exif_values(exif: bytes, tags: frozenset[int]) -> dict[int, bytes]:
    """Return tag to raw value for those of *tags* that the first or the EXIF directory has; of both, the latter counts.

    A single whole number comes as four bytes, low byte first. Of a longer value at most MAX_TEXT_BYTES + 1 bytes come.
    A broken block gives what can be read of it.
    """
    tiff = strip_header(exif)
    order = tiff[:2]
    values: dict[int, bytes] = {}
    if order not in _ENTRIES:
        return values
    try:
        _add_values(values, tiff, _OFFSETS[order].unpack_from(tiff, 4)[0], tags | {EXIF_IFD})
        if pointer := values.pop(EXIF_IFD, b""):
            _add_values(values, tiff, int.from_bytes(pointer[:4], "little"), tags)
    except struct.error:
        pass
    return values


def strip_header(exif: bytes) -> bytes:
    """Return the TIFF part of an EXIF block; some programs leave its "Exif" header out, others write it twice."""
    return exif.removeprefix(EXIF_HEADER).removeprefix(EXIF_HEADER)


def _add_values(values: dict[int, bytes], tiff: bytes, directory: int, wanted: frozenset[int]) -> None:
    order, start = tiff[:2], directory + 2
    count = min(_COUNTS[order].unpack_from(tiff, directory)[0], MAX_EXIF_ENTRIES, (len(tiff) - start) // _ENTRY_BYTES)
    entries = tiff[start : start + count * _ENTRY_BYTES]
    for number, (tag, kind, length, content) in enumerate(_ENTRIES[order].iter_unpack(entries)):
        if tag not in wanted:
            continue
        if kind in _NUMBER_TYPES and length == 1:
            is_high_first_short = kind == _SHORT and order == _HIGH_FIRST
            values[tag] = (content >> 16 if is_high_first_short else content).to_bytes(4, "little")
        elif kind in _BYTE_TYPES and length:
            start = directory + 2 + number * _ENTRY_BYTES + 8 if length <= 4 else content
            values[tag] = tiff[start : start + min(length, MAX_TEXT_BYTES + 1)]
