"""JSON that pictures carry, read within bounds: it is as hostile as any other text from outside."""

from __future__ import annotations

import json
from typing import Any

from counterprompt.errors import InvalidInputError

MAX_JSON_CHARACTERS = 4_000_000
"""ComfyUI's workflows reach megabytes where nodes keep pictures in them."""
LARGEST_NUMBER = 2**64
"""Seeds end just below; JSON knows whole numbers of any length, with which no one can reckon."""


def read_json_object(text: str | None) -> dict[str, Any] | None:
    """Read *text* as a JSON object; None where it is none, is broken or is nested too deeply.

    Raises:
        InvalidInputError: *text* is longer than MAX_JSON_CHARACTERS.
    """
    if text is None or not text.lstrip().startswith("{"):
        return None
    if len(text) > MAX_JSON_CHARACTERS:
        raise InvalidInputError(
            f"The picture carries a JSON text of {len(text)} characters and at most {MAX_JSON_CHARACTERS} are read; "
            "save it without its workflow."
        )
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def pick_object(container: object, key: str) -> dict[str, Any]:
    """Return the object under *key* of *container*, or an empty one where either is none."""
    value = container.get(key) if isinstance(container, dict) else None
    return value if isinstance(value, dict) else {}


def pick_list(container: object, key: str) -> list[Any]:
    """Return the list under *key* of *container*, or an empty one where either is none."""
    value = container.get(key) if isinstance(container, dict) else None
    return value if isinstance(value, list) else []


def pick_text(container: object, key: str) -> str:
    """Return the text under *key* of *container*, or "" where there is none."""
    value = container.get(key) if isinstance(container, dict) else None
    return value if isinstance(value, str) else ""


def pick_number(container: object, key: str) -> int | float | None:
    """Return the number under *key* of *container*, numbers that are written as text included, or None."""
    value = container.get(key) if isinstance(container, dict) else None
    if isinstance(value, str):
        value = _read_number(value.strip())
    return as_number(value)


def as_number(value: object) -> int | float | None:
    """Return *value* where it is a number that a program can have used; None also for NaN and what has no end."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return value if abs(value) <= LARGEST_NUMBER else None


def _read_number(text: str) -> int | float | None:
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return None
