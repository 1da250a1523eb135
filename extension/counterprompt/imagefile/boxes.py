"""Walks the boxes of an ISO base media file, as AVIF is one (ISO/IEC 14496-12, 4.2 and 8.11)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from counterprompt.imagefile.bounds import MAX_PARTS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_MAX_ITEMS = 1024
_MAX_EXTENTS = 64


@dataclass(frozen=True)
class Extent:
    """A stretch of an item."""

    start: int
    """Offset in the file, or in the "idat" box where the item says so."""
    size: int
    """Bytes."""
    entry: int
    """Offset in the file of the number that holds *start*, for writing another one."""
    is_in_idat: bool
    """Whether *start* counts from the "idat" box."""


@dataclass(frozen=True)
class ItemPlaces:
    """What an "iloc" box says."""

    extents: Mapping[int, tuple[Extent, ...]]
    """Item number to its stretches."""
    offset_bytes: int
    """Size of a number that holds a start: 0, 4 or 8."""
    length_bytes: int
    """Size of a number that holds a size: 0, 4 or 8; it follows the start."""
    is_plain: bool = True
    """Whether all items are here, and each lies in this file, at offsets from its start or that of "idat"."""


def walk_boxes(content: bytes, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Kind, start and end of the body of each whole box between two offsets."""
    for _ in range(MAX_PARTS):
        if start + 8 > end:
            return
        size, kind, body = int.from_bytes(content[start : start + 4], "big"), content[start + 4 : start + 8], start + 8
        if size == 1:
            size, body = int.from_bytes(content[body : body + 8], "big"), body + 8
        stop = start + size if size else end
        if stop < body or stop > end:
            return
        yield kind, body, stop
        start = stop


def find_box(content: bytes, start: int, end: int, *path: bytes) -> tuple[int, int] | None:
    """Start and end of the body of the first box at *path*; the body of "meta" begins behind its version."""
    for kind, body, stop in walk_boxes(content, start, end):
        if kind == path[0]:
            body += 4 if kind == b"meta" else 0
            return (body, stop) if len(path) == 1 else find_box(content, body, stop, *path[1:])
    return None


def read_item_kinds(content: bytes, start: int, end: int) -> dict[int, bytes]:
    """Item number to kind, such as b"Exif", and to b"mime" with the media type behind it, from an "iinf" box's body."""
    kinds: dict[int, bytes] = {}
    first = start + (6 if content[start : start + 1] == b"\x00" else 8)
    for kind, body, stop in walk_boxes(content, first, end):
        if kind != b"infe" or len(kinds) >= _MAX_ITEMS:
            continue
        number_bytes = 4 if content[body : body + 1] == b"\x03" else 2
        at = body + 4 + number_bytes + 2
        number = int.from_bytes(content[body + 4 : body + 4 + number_bytes], "big")
        media_type = content[at + 4 : min(stop, at + 260)].split(b"\x00")
        name = content[at : at + 4]
        kinds[number] = name + (b" " + media_type[1] if name == b"mime" and len(media_type) > 1 else b"")
    return kinds


def read_item_places(content: bytes, start: int, end: int) -> ItemPlaces:
    """Read the body of an "iloc" box; what runs over its end counts as zero."""
    reader = _Reader(content, start, end)
    version = reader.take(1)
    reader.take(3)
    sizes, more = reader.take(1), reader.take(1)
    wide = 4 if version == 2 else 2
    extents: dict[int, tuple[Extent, ...]] = {}
    items = reader.take(wide)
    is_plain = items <= _MAX_ITEMS
    for _ in range(min(items, _MAX_ITEMS)):
        number = reader.take(wide)
        method = reader.take(2) & 15 if version > 0 else 0
        is_elsewhere = reader.take(2) or method > 1
        base = reader.take(more >> 4)
        skipped = more & 15 if version > 0 else 0
        count = reader.take(2)
        is_plain = is_plain and not is_elsewhere and count <= _MAX_EXTENTS
        extents[number] = tuple(
            reader.take_extent(skipped, sizes >> 4, sizes & 15, base, method == 1)
            for _ in range(min(count, _MAX_EXTENTS))
        )
    return ItemPlaces(extents, sizes >> 4, sizes & 15, is_plain)


class _Reader:
    """Takes numbers, high byte first, one after the other."""

    def __init__(self, content: bytes, start: int, end: int) -> None:
        self._content, self._at, self._end = content, start, end

    def take(self, size: int) -> int:
        start, self._at = self._at, self._at + size
        return int.from_bytes(self._content[start : min(self._at, self._end)], "big")

    def take_extent(self, skipped: int, offset_bytes: int, length_bytes: int, base: int, is_in_idat: bool) -> Extent:
        self.take(skipped)
        entry = self._at
        return Extent(base + self.take(offset_bytes), self.take(length_bytes), entry, is_in_idat)
