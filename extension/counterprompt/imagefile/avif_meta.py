"""The "meta" box of an AVIF, which says where each item lies: read, and written anew with an Exif item in it.

ISO/IEC 14496-12, 8.11; 23008-12, annex A.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from counterprompt.imagefile.boxes import Extent, find_box, read_item_kinds, read_item_places, walk_boxes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from counterprompt.imagefile.boxes import ItemPlaces


_EXIF = b"Exif"
HEADER_OFFSET = (6).to_bytes(4, "big")
"""Where the TIFF header stands behind these four bytes: after "Exif" and two zeros."""

NOT_UNDERSTOOD = "the places of its items are not understood"

_LARGEST_SHORT = 0xFFFF
_LARGEST = 0xFFFFFFFF


@dataclass(frozen=True)
class Box:
    """A box with its header."""

    kind: bytes
    """Four letters."""
    start: int
    """Where its header begins."""
    body: int
    """Where what it holds begins."""
    stop: int
    """Where it ends."""


@dataclass(frozen=True)
class ExifItems:
    """What the "meta" box says of the file's items."""

    kinds: Mapping[int, bytes]
    """Number of an item to its kind."""
    places: ItemPlaces
    """Where items lie."""
    primary: int
    """Number of the picture."""
    exif: int
    """Number of the Exif item, the old one's where there is one."""

    @property
    def is_new(self) -> bool:
        """Whether the picture has no Exif item yet."""
        return self.exif not in self.kinds


def list_boxes(content: bytes, start: int, end: int) -> list[Box]:
    """List the boxes of *content* from *start* to *end*, as far as they are whole."""
    boxes = []
    for kind, body, stop in walk_boxes(content, start, end):
        boxes.append(Box(kind, start, body, stop))
        start = stop
    return boxes


def read_items(content: bytes, meta: Box) -> ExifItems:
    """Read what the box *meta* says.

    Raises:
        ValueError: it names no picture, or keeps its items in a way that is not understood.
    """
    inside = (meta.body + 4, meta.stop)
    infos, locations, primary = (find_box(content, *inside, kind) for kind in (b"iinf", b"iloc", b"pitm"))
    if infos is None or locations is None or primary is None:
        raise ValueError("it names no picture")
    kinds, places = read_item_kinds(content, *infos), read_item_places(content, *locations)
    for extent in (extent for extents in places.extents.values() for extent in extents):
        is_movable = extent.is_in_idat or not meta.start <= extent.start < meta.stop
        if not places.is_plain or not extent.size or not is_movable:
            raise ValueError(NOT_UNDERSTOOD)
    width = _width(content[primary[0] : primary[0] + 1])
    number = int.from_bytes(content[primary[0] + 4 : primary[0] + 4 + width], "big")
    old = next((item for item, kind in kinds.items() if kind == _EXIF), None)
    return ExifItems(kinds, places, number, max((0, *kinds, *places.extents)) + 1 if old is None else old)


def build_meta(content: bytes, meta: Box, items: ExifItems, grown: int, place: int, size: int) -> bytes:
    """Return the "meta" box with everything behind it moved by *grown* and the Exif item at *place*."""
    body = content[meta.body : meta.body + 4]
    children = list_boxes(content, meta.body + 4, meta.stop)
    for child in children:
        inner = content[child.body : child.stop]
        if child.kind == b"iloc":
            body += build_box(b"iloc", _build_places(items, meta.stop, grown, place, size + len(HEADER_OFFSET)))
        elif child.kind == b"iinf" and items.is_new:
            body += build_box(b"iinf", _add_info(inner, items.exif))
        elif child.kind == b"iref" and items.is_new:
            body += build_box(b"iref", inner + _build_reference(items, is_wide=_width(inner[:1]) == 4))
        else:
            body += content[child.start : child.stop]
    if items.is_new and not any(child.kind == b"iref" for child in children):
        is_wide = max(items.exif, items.primary) > _LARGEST_SHORT
        body += build_box(b"iref", bytes((is_wide, 0, 0, 0)) + _build_reference(items, is_wide=is_wide))
    return build_box(b"meta", body)


def _build_places(items: ExifItems, border: int, grown: int, place: int, size: int) -> bytes:
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
        raise ValueError(NOT_UNDERSTOOD)
    return value.to_bytes(4, "big")


def _add_info(body: bytes, exif: int) -> bytes:
    """The body of "iinf" with one entry more."""
    width = _width(body[:1])
    count = int.from_bytes(body[4 : 4 + width], "big") + 1
    version, size = (3, 4) if exif > _LARGEST_SHORT else (2, 2)
    entry = bytes((version, 0, 0, 0)) + exif.to_bytes(size, "big") + bytes(2) + _EXIF + b"\x00"
    return body[:4] + count.to_bytes(width, "big") + body[4 + width :] + build_box(b"infe", entry)


def _build_reference(items: ExifItems, *, is_wide: bool) -> bytes:
    """That the Exif item describes the picture."""
    width = 4 if is_wide else 2
    return build_box(b"cdsc", items.exif.to_bytes(width, "big") + b"\x00\x01" + items.primary.to_bytes(width, "big"))


def _width(version: bytes) -> int:
    """Bytes of an item's number in a box of this version."""
    return 2 if version in (b"", b"\x00") else 4


def build_box(kind: bytes, body: bytes) -> bytes:
    """Return a box; raises ValueError where *body* is too large for one."""
    return _number(len(body) + 8) + kind + body
