"""The texts of an EXIF block."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from counterprompt.imagefile.bounds import MAX_TEXT_BYTES
from counterprompt.imagefile.exif_directory import find_exif_values
from counterprompt.imagefile.user_comment import USER_COMMENT, decode_user_comment

if TYPE_CHECKING:
    from counterprompt.imagefile.findings import Findings

ORIENTATION = 0x0112
_MAKER_NOTE = 0x927C
_XMP = 0x02BC
_TEXT_TAGS = {0x010E: "ImageDescription", 0x010F: "Make", 0x0110: "Model", 0x0131: "Software"}
"""Tag to keyword; ComfyUI keeps its graph in the middle two, SwarmUI its parameters in "Model"."""
_TAGS = frozenset((USER_COMMENT, ORIENTATION, _MAKER_NOTE, _XMP, *_TEXT_TAGS))
_FOOOCUS_SCHEMES = (b"fooocus", b"a1111")
_QUARTER_TURNS = (5, 6, 7, 8)


def add_exif_texts(found: Findings) -> None:
    """Put the texts of *found*'s EXIF block beside the others, where the container has none of the same keyword.

    Fooocus writes into MakerNote which of its schemes the UserComment follows; that is kept as "fooocus_scheme".
    """
    values = find_exif_values(found.exif, _TAGS) if found.exif else {}
    if len(comment := values.get(USER_COMMENT, b"")) > MAX_TEXT_BYTES:
        found.add_text("UserComment", "the EXIF UserComment", comment)  # where it is refused
    elif comment:
        found.place_text("UserComment", "the EXIF UserComment", decode_user_comment(comment))
    for tag, value in values.items():
        keyword = _TEXT_TAGS.get(tag)
        if keyword and keyword not in found.texts and (body := value.rstrip(b"\x00 ")):
            found.add_text(keyword, f"the EXIF {keyword}", body)
    if _XMP in values and "xmp" not in found.texts:
        found.add_text("xmp", "the XMP packet", values[_XMP])
    if (scheme := values.get(_MAKER_NOTE, b"").rstrip(b"\x00")) in _FOOOCUS_SCHEMES:
        found.add_text("fooocus_scheme", "the EXIF MakerNote", scheme)
    if found.is_turned is None:
        orientation = int.from_bytes(values.get(ORIENTATION, b""), "little") or _find_xmp_orientation(found)
        found.is_turned = orientation in _QUARTER_TURNS


def _find_xmp_orientation(found: Findings) -> int:
    """The orientation that XMP tells (XMP part 2, 3.4), 0 where it tells none; as in Pillow, EXIF's goes before it."""
    if "xmp" not in found.texts:
        return 0
    match = re.search(r'tiff:Orientation(?:="|>)([0-9])', found.texts["xmp"])
    return int(match[1]) if match else 0
