"""The picture that is chosen in the host's gallery, and its infotext."""

from __future__ import annotations

import json
from typing import Any, Final

from counterprompt.errors import InvalidInputError

_LONGEST_INFO: Final = 20_000_000


def infotext_of(generation_info: object, place: int) -> str:
    """Return the infotext of the picture at *place* of the gallery, "" where there is none.

    *generation_info* is the JSON that the host keeps beside its gallery.

    Raises:
        InvalidInputError: it is too long.
    """
    text = str(generation_info or "")
    if len(text) > _LONGEST_INFO:
        raise InvalidInputError("The gallery's parameters are too long to read; send a single picture by PNG Info.")
    try:
        infotexts = json.loads(text).get("infotexts", [])
        return str(infotexts[place]) if 0 <= place < len(infotexts) else ""
    except (ValueError, AttributeError, TypeError):
        return ""


def place_of(text: object) -> int:
    """Read which picture of the gallery is chosen, as our script says.

    Raises:
        InvalidInputError: it is no number from 0 to 9999.
    """
    digits = str(text or "0").strip()
    if not digits.isdecimal() or len(digits) > 4:
        raise InvalidInputError("The chosen picture of the gallery is not known; click it and try again.")
    return int(digits)


def picture_at(gallery: Any, place: int, open_host_picture: Any) -> Any:
    """Return the picture at *place* of a gallery's value as PIL, None where there is none.

    gradio 4 gives pairs of picture and caption; gradio 3 gives descriptions of files, which only *open_host_picture*,
    the host's own check of such files, may open.
    """
    items = gallery if isinstance(gallery, list) else []
    if not 0 <= place < len(items):
        return None
    item = items[place]
    first = item[0] if isinstance(item, (list, tuple)) and item else item
    return first if hasattr(first, "save") else open_host_picture(first)
