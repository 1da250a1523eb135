"""Finds the texts of an AVIF without decoding its pixels (AVIF 1.1; ISO/IEC 23008-12, 6.5 and annex A)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counterprompt.imagefile.bounds import MAX_TEXT_BYTES
from counterprompt.imagefile.boxes import find_box, read_item_kinds, read_item_places, walk_boxes

if TYPE_CHECKING:
    from counterprompt.imagefile.boxes import Extent
    from counterprompt.imagefile.findings import Findings

_BRANDS = (b"avif", b"avis")
_EXIF_ITEM, _XMP_ITEM = b"Exif", b"mime application/rdf+xml"
_TEXT_ITEMS = (_EXIF_ITEM, _XMP_ITEM)


def is_avif(content: bytes) -> bool:
    """Whether the file's brands, own or compatible, say AVIF."""
    if content[4:8] != b"ftyp":
        return False
    brands = content[8 : min(int.from_bytes(content[:4], "big"), 256)]
    return any(brands[at : at + 4] in _BRANDS for at in range(0, len(brands), 4))


def find_avif_texts(content: bytes, found: Findings) -> None:
    """Add to *found* the size, the XMP packet and the EXIF block."""
    meta = find_box(content, 0, len(content), b"meta")
    if meta is None:
        found.is_cut_off = True
        return
    _find_size(content, meta, found)
    for kind, body in _find_texts(content, meta).items():
        if kind == _EXIF_ITEM:  # behind the offset of the TIFF header, which counts from behind itself
            found.exif = body[4 + int.from_bytes(body[:4], "big") :]
        else:
            found.add_text("xmp", "the XMP packet", body)
    if _is_cut_off(content):
        found.is_cut_off = True


def _find_texts(content: bytes, meta: tuple[int, int]) -> dict[bytes, bytes]:
    """Kind to bytes of the last Exif and the last XMP item; what else the file holds is not looked at."""
    infos, places = find_box(content, *meta, b"iinf"), find_box(content, *meta, b"iloc")
    if infos is None or places is None:
        return {}
    kinds, extents = read_item_kinds(content, *infos), read_item_places(content, *places).extents
    last = {kind: extents[number] for number, kind in kinds.items() if kind in _TEXT_ITEMS and number in extents}
    idat = find_box(content, *meta, b"idat") if last else None
    return {kind: _join(content, stretches, (idat or (len(content), 0))[0]) for kind, stretches in last.items()}


def _join(content: bytes, stretches: tuple[Extent, ...], idat: int) -> bytes:
    """The bytes of an item, MAX_TEXT_BYTES and a little at most; *idat* is where the "idat" box's body starts."""
    joined = bytearray()
    for stretch in stretches:
        start = stretch.start + (idat if stretch.is_in_idat else 0)
        joined += content[start : start + min(stretch.size, MAX_TEXT_BYTES + 1 - len(joined))]
    return bytes(joined)


def _find_size(content: bytes, meta: tuple[int, int], found: Findings) -> None:
    """Take the largest size that any item has: the picture's, beside which there may be a thumbnail's and tiles'.

    Decoders turn the picture as its "irot" property says and ignore the orientation in EXIF.
    """
    found.is_turned = False
    properties = find_box(content, *meta, b"iprp", b"ipco")
    if properties is None:
        return
    for kind, start, end in walk_boxes(content, *properties):
        if kind == b"ispe" and end - start >= 12:
            size = (int.from_bytes(content[start + at : start + at + 4], "big") for at in (4, 8))
            found.width, found.height = max((found.width, found.height), tuple(size))
        elif kind == b"irot":
            found.is_turned = content[start : start + 1] in (b"\x01", b"\x03")


def _is_cut_off(content: bytes) -> bool:
    end = max((end for _, _, end in walk_boxes(content, 0, len(content))), default=0)
    return end < len(content) or find_box(content, 0, len(content), b"mdat") is None
