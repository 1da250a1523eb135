"""Reads the first pixels of the first rows of a PNG at the cost of no more than those rows."""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING

from counterprompt.imagefile.png_texts import walk_png

if TYPE_CHECKING:
    from collections.abc import Sequence

_COLOURS, _COLOURS_AND_ALPHA = 2, 6
_AVERAGE, _UP, _PAETH = 3, 2, 4
_PIECE_BYTES = 16_384
_MOST_BYTES = 16 * 1024 * 1024


def read_first_column(content: bytes, rows: int) -> Sequence[bytes]:
    """Return red, green, blue and, where there is one, alpha of the first pixel of the first *rows* rows.

    Left of the first pixel counts as zero, so its predictors need nothing but the pixel above it (PNG specification,
    third edition, section 9.2). Only pictures of eight bits a channel that are not interlaced are read; of others, and
    of broken ones, nothing or less comes.
    """
    layout = _find_layout(content)
    if layout is None:
        return ()
    width, height, channels = layout
    row_bytes = 1 + width * channels
    rows = min(rows, height, _MOST_BYTES // row_bytes)
    unpacked = _inflate_start(content, (rows - 1) * row_bytes + 1 + channels if rows else 0)
    pixels: list[bytes] = []
    above = bytes(channels)
    for row in range(rows):
        start = row * row_bytes
        stored = unpacked[start + 1 : start + 1 + channels]
        if len(stored) < channels:
            break
        above = _add_prediction(unpacked[start], stored, above)
        pixels.append(above)
    return pixels


def _find_layout(content: bytes) -> tuple[int, int, int] | None:
    """Width and height in pixels and bytes a pixel, None for a layout that is not read."""
    if len(content) < 33:
        return None
    width, height, depth, colours, _, _, interlaced = struct.unpack_from(">IIBBBBB", content, 16)
    if depth != 8 or interlaced or colours not in (_COLOURS, _COLOURS_AND_ALPHA):
        return None
    return width, height, 4 if colours == _COLOURS_AND_ALPHA else 3


def _inflate_start(content: bytes, needed: int) -> bytes:
    stream = zlib.decompressobj()
    unpacked = bytearray()
    try:
        for kind, start, end in walk_png(content):
            for at in range(start, end if kind == b"IDAT" else start, _PIECE_BYTES):
                piece = content[at : min(at + _PIECE_BYTES, end)]
                while piece and len(unpacked) < needed:
                    unpacked += stream.decompress(piece, needed - len(unpacked))
                    piece = stream.unconsumed_tail
                if len(unpacked) >= needed or stream.eof:
                    return bytes(unpacked)
    except zlib.error:
        pass
    return bytes(unpacked)


def _add_prediction(filter_type: int, stored: bytes, above: bytes) -> bytes:
    if filter_type in (_UP, _PAETH):
        return bytes((value + up) & 255 for value, up in zip(stored, above))
    if filter_type == _AVERAGE:
        return bytes((value + up // 2) & 255 for value, up in zip(stored, above))
    return stored
