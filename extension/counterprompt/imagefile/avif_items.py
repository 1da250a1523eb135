"""Replaces the Exif item of an AVIF; every other item keeps its bytes (ISO/IEC 14496-12, 8.11; 23008-12, annex A)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from counterprompt.imagefile.boxes import Extent, find_box, read_item_kinds, read_item_places, walk_boxes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from counterprompt.imagefile.boxes import ItemPlaces

_EXIF = b"Exif"
_HEADER_OFFSET = (6).to_bytes(4, "big")
"""Where the TIFF header stands behind these four bytes: after "Exif" and two zeros."""
_LARGEST_SHORT = 0xFFFF
_LARGEST = 0xFFFFFFFF
_NOT_UNDERSTOOD = "the places of its items are not understood"


@dataclass(frozen=True)
class _Box:
    """A box with its header."""

    kind: bytes
    start: int
    body: int
    stop: int


@dataclass(frozen=True)
class _Items:
    """What the "meta" box says of the file's items."""

    kinds: Mapping[int, bytes]
    places: ItemPlaces
    primary: int
    exif: int
    """Number of the Exif item, the old one's where there is one."""

    @property
    def is_new(self) -> bool:
        return self.exif not in self.kinds


def replace_avif_exif(content: bytes, exif: bytes) -> bytes:
    """Put *exif* (with its "Exif" header) behind everything else, and note it as the Exif item of the picture.

    The boxes that say where items lie are written anew, since all that lies behind them moves; an old Exif item's bytes
    become zeros. No other box changes.

    Raises:
        ValueError: *content* is cut off, a sequence of pictures, or keeps its items in a way that is not understood.
    """
    try:
        written = _rewrite(content, exif)
    except OverflowError as error:  # numbers that lie about what follows
        raise ValueError(_NOT_UNDERSTOOD) from error
    return written


def _rewrite(content: bytes, exif: bytes) -> bytes:
    boxes = _list_boxes(content, 0, len(content))
    meta = next((box for box in boxes if box.kind == b"meta"), None)
    if meta is None or boxes[-1].stop != len(content):
        raise ValueError("the AVIF is cut off")
    if any(box.kind == b"moov" for box in boxes):
        raise ValueError("a sequence of pictures cannot be rewritten")
    items = _read_items(content, meta)
    before = _join_items(content, items.exif)
    if _is_exif_alone(items, boxes[-1]):
        boxes, content = boxes[:-1], content[: boxes[-1].start]
    kept = _close_last(_blank(content, items), boxes[-1])
    grown = len(_build_meta(content, meta, items, 0, 0, len(exif))) - (meta.stop - meta.start)
    rebuilt = _build_meta(content, meta, items, grown, len(content) + grown + 8, len(exif))
    written = b"".join((kept[: meta.start], rebuilt, kept[meta.stop :], _box(b"mdat", _HEADER_OFFSET + exif)))
    if before != _join_items(written, items.exif):
        raise ValueError(_NOT_UNDERSTOOD)
    return written


def _list_boxes(content: bytes, start: int, end: int) -> list[_Box]:
    boxes = []
    for kind, body, stop in walk_boxes(content, start, end):
        boxes.append(_Box(kind, start, body, stop))
        start = stop
    return boxes


def _read_items(content: bytes, meta: _Box) -> _Items:
    inside = (meta.body + 4, meta.stop)
    infos, locations, primary = (find_box(content, *inside, kind) for kind in (b"iinf", b"iloc", b"pitm"))
    if infos is None or locations is None or primary is None:
        raise ValueError("it names no picture")
    kinds, places = read_item_kinds(content, *infos), read_item_places(content, *locations)
    for extent in (extent for extents in places.extents.values() for extent in extents):
        is_movable = extent.is_in_idat or not meta.start <= extent.start < meta.stop
        if not places.is_plain or not extent.size or not is_movable:
            raise ValueError(_NOT_UNDERSTOOD)
    width = _width(content[primary[0] : primary[0] + 1])
    number = int.from_bytes(content[primary[0] + 4 : primary[0] + 4 + width], "big")
    old = next((item for item, kind in kinds.items() if kind == _EXIF), None)
    return _Items(kinds, places, number, max((0, *kinds, *places.extents)) + 1 if old is None else old)


def _is_exif_alone(items: _Items, last: _Box) -> bool:
    """Whether the last box holds the old Exif item and nothing else, as we leave it."""
    old = [(extent.start, extent.size) for extent in items.places.extents.get(items.exif, ())]
    return last.kind == b"mdat" and old == [(last.body, last.stop - last.body)]


def _blank(content: bytes, items: _Items) -> bytes:
    """Write zeros over the old Exif item, as far as no other item lies there."""
    blanked = bytearray(content)
    places = items.places.extents
    others = [extent for item, extents in places.items() for extent in extents if item != items.exif]
    for extent in places.get(items.exif, ()):
        end = extent.start + extent.size
        is_shared = any(other.start < end and extent.start < other.start + other.size for other in others)
        if not extent.is_in_idat and not is_shared and end <= len(content):
            blanked[extent.start : end] = bytes(extent.size)
    return bytes(blanked)


def _close_last(content: bytes, last: _Box) -> bytes:
    """Give the last box its size where it has none and would reach over what is appended."""
    if content[last.start : last.start + 4] != bytes(4):
        return content
    return content[: last.start] + (last.stop - last.start).to_bytes(4, "big") + content[last.start + 4 :]


def _build_meta(content: bytes, meta: _Box, items: _Items, grown: int, place: int, size: int) -> bytes:
    """The "meta" box with everything behind it moved by *grown* and the Exif item at *place*."""
    body = content[meta.body : meta.body + 4]
    children = _list_boxes(content, meta.body + 4, meta.stop)
    for child in children:
        inner = content[child.body : child.stop]
        if child.kind == b"iloc":
            body += _box(b"iloc", _build_places(items, meta.stop, grown, place, size + len(_HEADER_OFFSET)))
        elif child.kind == b"iinf" and items.is_new:
            body += _box(b"iinf", _add_info(inner, items.exif))
        elif child.kind == b"iref" and items.is_new:
            body += _box(b"iref", inner + _build_reference(items, is_wide=_width(inner[:1]) == 4))
        else:
            body += content[child.start : child.stop]
    if items.is_new and not any(child.kind == b"iref" for child in children):
        is_wide = max(items.exif, items.primary) > _LARGEST_SHORT
        body += _box(b"iref", bytes((is_wide, 0, 0, 0)) + _build_reference(items, is_wide=is_wide))
    return _box(b"meta", body)


def _build_places(items: _Items, border: int, grown: int, place: int, size: int) -> bytes:
    """The body of "iloc": offsets and sizes of four bytes, no bases; what lies behind *border* is moved."""
    extents = {**items.places.extents, items.exif: (Extent(place, size, 0, is_in_idat=False),)}
    version = 2 if max(extents) > _LARGEST_SHORT else int(any(part[0].is_in_idat for part in extents.values() if part))
    width = 4 if version == 2 else 2
    body = bytes((version, 0, 0, 0, 0x44, 0)) + len(extents).to_bytes(width, "big")
    for item, parts in extents.items():
        method = int(any(part.is_in_idat for part in parts)).to_bytes(2, "big") if version else b""
        body += item.to_bytes(width, "big") + method + bytes(2) + len(parts).to_bytes(2, "big")
        for part in parts:
            moved = grown if item != items.exif and not part.is_in_idat and part.start >= border else 0
            body += _number(part.start + moved) + _number(part.size)
    return body


def _number(value: int) -> bytes:
    if value > _LARGEST:
        raise ValueError(_NOT_UNDERSTOOD)
    return value.to_bytes(4, "big")


def _add_info(body: bytes, exif: int) -> bytes:
    """The body of "iinf" with one entry more."""
    width = _width(body[:1])
    count = int.from_bytes(body[4 : 4 + width], "big") + 1
    version, size = (3, 4) if exif > _LARGEST_SHORT else (2, 2)
    entry = bytes((version, 0, 0, 0)) + exif.to_bytes(size, "big") + bytes(2) + _EXIF + b"\x00"
    return body[:4] + count.to_bytes(width, "big") + body[4 + width :] + _box(b"infe", entry)


def _build_reference(items: _Items, *, is_wide: bool) -> bytes:
    """That the Exif item describes the picture."""
    width = 4 if is_wide else 2
    return _box(b"cdsc", items.exif.to_bytes(width, "big") + b"\x00\x01" + items.primary.to_bytes(width, "big"))


def _width(version: bytes) -> int:
    """Bytes of an item's number in a box of this version."""
    return 2 if version in (b"", b"\x00") else 4


def _box(kind: bytes, body: bytes) -> bytes:
    return _number(len(body) + 8) + kind + body


def _join_items(content: bytes, exif: int) -> dict[int, bytes]:
    """Number to bytes of each item but the Exif one."""
    meta = find_box(content, 0, len(content), b"meta") or (0, 0)
    locations, idat = find_box(content, *meta, b"iloc") or (0, 0), (find_box(content, *meta, b"idat") or (0, 0))[0]
    joined = {}
    for item, parts in read_item_places(content, *locations).extents.items():
        starts = ((part.start + (idat if part.is_in_idat else 0), part.size) for part in parts)
        joined[item] = b"".join(content[start : start + size] for start, size in starts)
    joined.pop(exif, None)
    return joined
