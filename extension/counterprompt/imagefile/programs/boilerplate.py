"""Texts that cameras, phones and graphics programs leave where an infotext could stand, and that are no prompt."""

from __future__ import annotations

import re
from typing import Final

_STARTS: Final = (
    r"creat(?:ed|or|ion)\b[ :]*(?:with|by|using)?[ :]*"
    r"(?:the )?(?:gd-jpeg|gimp|inkscape|ezgif|paint|imagemagick|adobe|photoshop)",
    r"(?:optimi[sz]ed|edited|resized|processed|compressed|generated) (?:with|by|on|using) "
    r"(?:https?://)?(?:ezgif|jpegmini|imagemagick|ebay|jpeg-|ulead|gimp|adobe|photoshop|snipaste)",
    r"file (?:written|source) ?(?:by|:)",
    r"lead technologies",
    r"intel\(r\) jpeg",
    r"handmade software",
    r"gif smartsaver",
    r"lavc\d",
    r"applemark",
    r"oplus_\d",
    r"filter: ?\d+; ?file?terintensity",
)
"""How they start, whatever their case; gathered from what the programs named in them are known to write."""
_WHOLE: Final = (r"screenshot", r"ascii", r"user comments?", r"\*+")
"""What they may be as a whole."""
_LONGEST: Final = 300
"""Characters; no such text is longer, and most infotexts are."""
_BOILERPLATE: Final = re.compile(rf"\s*(?:(?:{'|'.join(_STARTS)})|(?:{'|'.join(_WHOLE)})[\s\0]*\Z)", re.IGNORECASE)


def is_boilerplate(text: str) -> bool:
    """Whether *text* is known to tell about a camera or a program rather than about a picture's making."""
    return len(text) <= _LONGEST and _BOILERPLATE.match(text) is not None
