"""Reads of a large PNG or JPEG file what `walk_container` looks at, and leaves the pixels on the disk."""

from __future__ import annotations

import os

from counterprompt.imagefile.jpeg_texts import END, find_scan
from counterprompt.imagefile.png_texts import SIGNATURE

_HEAD_BYTES = 16 * 1024
_TAIL_BYTES = 256
_FRAME_BYTES = 12
_USUAL_PIECE, _MOST_OTHERS = 16 * 1024, 16
"""Pillow cuts a PNG's pixels into chunks of 64 KiB and has few others; a file of smaller ones is sooner read whole."""
_LONGEST_CHUNK = 1024 * 1024
"""Of those that are not pixels."""


def read_up_to(descriptor: int, size: int) -> bytes:
    """Read *size* bytes from where the file stands, fewer where it ends."""
    content = os.read(descriptor, size)
    while len(content) < size and (more := os.read(descriptor, size - len(content))):
        content += more
    return content


def read_without_pixels(descriptor: int, size: int) -> tuple[bytes, bool]:
    """Read an open file of *size* bytes: its content, and whether that is the whole of it.

    The content without pixels is a PNG that lacks its IDAT chunks, or a JPEG whose scans have a gap; walking through it
    finds the same as in the whole file. Small files and those of other containers are read whole.
    """
    head = read_up_to(descriptor, min(size, _HEAD_BYTES))
    if len(head) == size:
        return head, True
    told = _read_png(descriptor, head, size) if head.startswith(SIGNATURE) else _read_jpeg(descriptor, head, size)
    return (_read_at(descriptor, 0, size), True) if told is None else (told, False)


def _read_png(descriptor: int, head: bytes, size: int) -> bytes | None:
    """All chunks but the pixels; None where they are many and small, or one is too long to be copied once more."""
    kept, start = [SIGNATURE], len(SIGNATURE)
    for _ in range(size // _USUAL_PIECE + _MOST_OTHERS):
        frame = head[start : start + 8] if start + 8 <= len(head) else _read_at(descriptor, start, 8)
        kind, end = frame[4:], start + _FRAME_BYTES + int.from_bytes(frame[:4], "big")
        if end > size:
            break
        if kind != b"IDAT":
            if end - start > _LONGEST_CHUNK:
                return None
            kept.append(head[start:end] if end <= len(head) else _read_at(descriptor, start, end - start))
        if kind == b"IEND":
            break
        start = end
    else:
        return None
    return b"".join(kept)


def _read_jpeg(descriptor: int, head: bytes, size: int) -> bytes | None:
    """The segments before the pixels and the end behind them; None where these do not stand where they are expected."""
    scan = find_scan(head)
    tail_start = max(len(head), size - _TAIL_BYTES)
    tail = _read_at(descriptor, tail_start, size - tail_start) if scan else b""
    return head[:scan] + tail if END in tail else None


def _read_at(descriptor: int, start: int, size: int) -> bytes:
    if size <= _FRAME_BYTES and hasattr(os, "pread"):  # one call instead of two; Windows lacks it
        return os.pread(descriptor, size, start)
    os.lseek(descriptor, start, os.SEEK_SET)
    return read_up_to(descriptor, size)
