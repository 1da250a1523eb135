"""Finds the comment of a GIF without decoding its pixels (GIF89a specification, sections 17 to 27)."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from counterprompt.imagefile.bounds import MAX_PARTS, MAX_TEXT_BYTES

if TYPE_CHECKING:
    from counterprompt.imagefile.findings import Findings

_EXTENSION, _IMAGE = 0x21, 0x2C
_COMMENT = 0xFE
HEADER_BYTES = 13
"""Signature and screen; the colours follow."""


def find_gif_texts(content: bytes, found: Findings) -> None:
    """Add to *found* the size and the comments before the first frame, a line each."""
    if len(content) < HEADER_BYTES:
        found.is_cut_off = True
        return
    found.width, found.height = struct.unpack_from("<HH", content, 6)
    offset = HEADER_BYTES + count_table_bytes(content[10])
    comments = bytearray()
    for _ in range(MAX_PARTS):
        label = content[offset + 1 : offset + 2]
        if content[offset : offset + 1] != bytes((_EXTENSION,)) or len(comments) > MAX_TEXT_BYTES:
            break
        body, offset = _read_blocks(content, offset + 2)
        if label == bytes((_COMMENT,)):
            comments += b"\n" * bool(comments) + body
    if comments:
        found.add_text("comment", "the GIF comment", bytes(comments))
    if not _has_frame(content, offset):
        found.is_cut_off = True


def count_table_bytes(flags: int) -> int:
    """Size of the colour table that *flags* announce: three bytes for each of 2 to 256 colours, or none."""
    return 3 * 2 ** ((flags & 7) + 1) if flags & 0x80 else 0


def _has_frame(content: bytes, offset: int) -> bool:
    """Whether the frame that starts at *offset* stands in the file to its last block."""
    if content[offset : offset + 1] != bytes((_IMAGE,)) or offset + 11 > len(content):
        return False
    end = offset + 11 + count_table_bytes(content[offset + 9])
    for _ in range(MAX_PARTS * 30):  # a frame of the longest file has half a million blocks
        if end >= len(content):
            return False
        if not content[end]:
            return True
        end += content[end] + 1
    return False


def _read_blocks(content: bytes, offset: int) -> tuple[bytes, int]:
    """The joined blocks of one extension, MAX_TEXT_BYTES and a little at most, and the offset behind them."""
    body = bytearray()
    while offset < len(content) and content[offset] and len(body) <= MAX_TEXT_BYTES:
        body += content[offset + 1 : offset + 1 + content[offset]]
        offset += content[offset] + 1
    return bytes(body), offset + 1
