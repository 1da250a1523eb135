"""How a value is written inside the parameter line: bare, or as a JSON string when it holds a separator."""

from __future__ import annotations

import json

_SEPARATORS = (",", ":", "\n")
_DECODER = json.JSONDecoder()


def quote(value: str) -> str:
    """Write *value* so that the WebUI's parser reads the same text back.

    The WebUI quotes what holds a comma, a colon or a line break (HOSTS.md 2.5). A quotation mark in front and
    white space at the ends would be misread as well, so these are quoted too.
    """
    if value.startswith('"') or value != value.strip() or any(separator in value for separator in _SEPARATORS):
        return json.dumps(value, ensure_ascii=False)
    return value


def unquote(raw_value: str) -> str:
    """Read a value as it stands in the line; what is not a valid JSON string stays as it is."""
    if not (raw_value.startswith('"') and raw_value.endswith('"')):
        return raw_value
    bare = raw_value[1:-1]
    if len(raw_value) > 1 and bare.isprintable() and "\\" not in bare and '"' not in bare:
        return bare
    try:
        value, end = _DECODER.raw_decode(raw_value)
        value.encode("utf-8")  # an escaped half of a surrogate pair could never be written anywhere again
    except ValueError:
        return raw_value
    return str(value) if end == len(raw_value) else raw_value
