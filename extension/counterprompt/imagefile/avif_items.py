"""Replaces the Exif item of an AVIF; every other item keeps its bytes (ISO/IEC 14496-12, 8.11; 23008-12, annex A)."""

from __future__ import annotations

from counterprompt.imagefile.avif_meta import (
    HEADER_OFFSET,
    NOT_UNDERSTOOD,
    Box,
    ExifItems,
    build_box,
    build_meta,
    list_boxes,
    read_items,
)
from counterprompt.imagefile.boxes import find_box, read_item_places


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
        raise ValueError(NOT_UNDERSTOOD) from error
    return written


def _rewrite(content: bytes, exif: bytes) -> bytes:
    boxes = list_boxes(content, 0, len(content))
    meta = next((box for box in boxes if box.kind == b"meta"), None)
    if meta is None or boxes[-1].stop != len(content):
        raise ValueError("the AVIF is cut off")
    if any(box.kind == b"moov" for box in boxes):
        raise ValueError("a sequence of pictures cannot be rewritten")
    items = read_items(content, meta)
    before = _join_items(content, items.exif)
    if _is_exif_alone(items, boxes[-1]):
        boxes, content = boxes[:-1], content[: boxes[-1].start]
    kept = _close_last(_blank(content, items), boxes[-1])
    grown = len(build_meta(content, meta, items, 0, 0, len(exif))) - (meta.stop - meta.start)
    rebuilt = build_meta(content, meta, items, grown, len(content) + grown + 8, len(exif))
    written = b"".join((kept[: meta.start], rebuilt, kept[meta.stop :], build_box(b"mdat", HEADER_OFFSET + exif)))
    if before != _join_items(written, items.exif):
        raise ValueError(NOT_UNDERSTOOD)
    return written


def _is_exif_alone(items: ExifItems, last: Box) -> bool:
    """Whether the last box holds the old Exif item and nothing else, as we leave it."""
    old = [(extent.start, extent.size) for extent in items.places.extents.get(items.exif, ())]
    return last.kind == b"mdat" and old == [(last.body, last.stop - last.body)]


def _blank(content: bytes, items: ExifItems) -> bytes:
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


def _close_last(content: bytes, last: Box) -> bytes:
    """Give the last box its size where it has none and would reach over what is appended."""
    if content[last.start : last.start + 4] != bytes(4):
        return content
    return content[: last.start] + (last.stop - last.start).to_bytes(4, "big") + content[last.start + 4 :]


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
