"""Replaces text chunks of a PNG without touching any other byte of it (PNG specification, third edition, section 5)."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

SIGNATURE = b"\x89PNG\r\n\x1a\n"
_TEXT_KINDS = frozenset((b"tEXt", b"zTXt", b"iTXt"))
_FRAME_BYTES = 12


@dataclass(frozen=True)
class _Chunk:
    kind: bytes
    raw: bytes

    def is_text(self, keyword: str) -> bool:
        return self.kind in _TEXT_KINDS and self.raw[8:].startswith(keyword.encode("latin-1") + b"\x00")


def replace_png_text(content: bytes, keyword: str, text: str) -> bytes:
    """Put *text* under *keyword*, in the place of the first such chunk or before the pixels; others of it go.

    As in the WebUI, Latin-1 text goes to `tEXt`, any other to `iTXt` in UTF-8, neither compressed.

    Raises:
        ValueError: *content* is no whole PNG.
    """
    chunks = list(_split(content))
    position = next((i for i, chunk in enumerate(chunks) if chunk.is_text(keyword) or chunk.kind == b"IDAT"), None)
    if position is None:
        raise ValueError("the PNG holds no pixels")
    before = b"".join(chunk.raw for chunk in chunks[:position])
    after = b"".join(chunk.raw for chunk in chunks[position:] if not chunk.is_text(keyword))
    end = sum(len(chunk.raw) for chunk in chunks) + len(SIGNATURE)
    return SIGNATURE + before + _build_text(keyword, text) + after + content[end:]


def _split(content: bytes) -> Iterator[_Chunk]:
    """Cut the file into chunks, each with its length, kind and checksum; stop after the last one, IEND."""
    offset = len(SIGNATURE)
    kind = b""
    while kind != b"IEND":
        if offset + _FRAME_BYTES > len(content):
            raise ValueError("the PNG is cut off")
        length = struct.unpack_from(">I", content, offset)[0]
        kind = content[offset + 4 : offset + 8]
        end = offset + _FRAME_BYTES + length
        if end > len(content):
            raise ValueError("the PNG is cut off")
        yield _Chunk(kind, content[offset:end])
        offset = end


def _build_text(keyword: str, text: str) -> bytes:
    key = keyword.encode("latin-1") + b"\x00"
    try:
        kind, body = b"tEXt", key + text.encode("latin-1")
    except UnicodeEncodeError:
        kind, body = b"iTXt", key + b"\x00\x00\x00\x00" + text.encode("utf-8")
    checksum = zlib.crc32(kind + body)
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", checksum)
