"""Finds values in an EXIF block (EXIF 2.32, 4.6; TIFF 6.0, section 2), however broken it is."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from counterprompt.imagefile.bounds import MAX_EXIF_ENTRIES, MAX_TEXT_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterator

EXIF_HEADER = b"Exif\x00\x00"
EXIF_IFD = 0x8769
ENTRY_BYTES = 12
_BYTE_TYPES = frozenset((1, 2, 6, 7))
"""BYTE, ASCII, SBYTE and UNDEFINED."""
_NUMBER_CODES = {3: "H", 4: "I"}
"""SHORT and LONG to their code in `struct`."""


def find_exif_values(exif: bytes, tags: frozenset[int]) -> dict[int, bytes]:
    """Return tag to raw value for those of *tags* that the first or the EXIF directory has; of both, the latter counts.

    A single whole number comes as four bytes, low byte first. Of a longer value at most MAX_TEXT_BYTES + 1 bytes come.
    A broken block gives what can be read of it.
    """
    tiff = strip_header(exif)
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    values: dict[int, bytes] = {}
    if order is None:
        return values
    try:
        _add_values(values, tiff, order, struct.unpack_from(order + "I", tiff, 4)[0], tags | {EXIF_IFD})
        if pointer := values.pop(EXIF_IFD, b""):
            _add_values(values, tiff, order, int.from_bytes(pointer[:4], "little"), tags)
    except struct.error:
        pass
    return values


def strip_header(exif: bytes) -> bytes:
    """Return the TIFF part of an EXIF block; some programs leave its "Exif" header out, others write it twice."""
    for _ in range(2):
        exif = exif.removeprefix(EXIF_HEADER)
    return exif


def walk_entries(tiff: bytes, order: str, directory: int) -> Iterator[tuple[int, int, int, int]]:
    """Tag, type, number of values and own offset of each entry of the directory at *directory*.

    Args:
        tiff: an EXIF block without its header.
        order: "<" or ">", as in `struct`.
        directory: offset in *tiff*.

    Raises:
        struct.error: the directory runs over the end.
    """
    count = min(struct.unpack_from(order + "H", tiff, directory)[0], MAX_EXIF_ENTRIES)
    for entry in range(directory + 2, directory + 2 + count * ENTRY_BYTES, ENTRY_BYTES):
        tag, kind, length = struct.unpack_from(order + "HHI", tiff, entry)
        yield tag, kind, length, entry


def _add_values(values: dict[int, bytes], tiff: bytes, order: str, directory: int, wanted: frozenset[int]) -> None:
    for tag, kind, count, entry in walk_entries(tiff, order, directory):
        if tag not in wanted:
            continue
        if kind in _NUMBER_CODES and count == 1:
            number = struct.unpack_from(order + _NUMBER_CODES[kind], tiff, entry + 8)[0]
            values[tag] = int(number).to_bytes(4, "little")
        elif kind in _BYTE_TYPES and count:
            start = entry + 8 if count <= 4 else struct.unpack_from(order + "I", tiff, entry + 8)[0]
            values[tag] = tiff[start : start + min(count, MAX_TEXT_BYTES + 1)]
