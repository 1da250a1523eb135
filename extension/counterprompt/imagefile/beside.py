"""The text file beside a picture, into which the WebUI writes the infotext when it is told to."""

from __future__ import annotations

from pathlib import Path

from counterprompt.imagefile.bounds import MAX_TEXT_BYTES

_MARK_OF_INFOTEXT = "steps:"


def find_text_beside(source: Path | bytes) -> str | None:
    """Return what NAME.txt beside the picture NAME.EXT says (WebUI 1.10.1, modules/images.py), last line break off.

    Captions of training pictures have the same name; a text that tells no number of steps is taken for one of those and
    not returned. Neither is one of more than MAX_TEXT_BYTES, or one that cannot be read.
    """
    if isinstance(source, bytes):
        return None
    try:
        path = source.with_suffix(".txt")
        if not path.is_file():  # opening a pipe would wait for whoever writes into it
            return None
        with path.open("rb") as file:
            content = file.read(MAX_TEXT_BYTES + 1)
        text = content.decode("utf-8-sig")
    except (OSError, ValueError):
        return None
    if len(content) > MAX_TEXT_BYTES or _MARK_OF_INFOTEXT not in text.lower():
        return None
    return text.removesuffix("\n").removesuffix("\r")
