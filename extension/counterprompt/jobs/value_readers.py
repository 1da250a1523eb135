"""From a marked value to what a field wants, or a mistake with its line."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final

from counterprompt.jobs.marked_yaml import Marked, MarkedList, MarkedMapping, MarkedText
from counterprompt.jobs.mistakes import Mistake

if TYPE_CHECKING:
    from collections.abc import Mapping

ReadValue = Callable[[Marked], Any]
"""Reads one value; raises `Mistake`."""

_SWITCH: Final = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
_WHOLE: Final = re.compile(r"[0-9]{1,10}")
_SIZE: Final = re.compile(r"([0-9]{1,5})\s*[xX]\s*([0-9]{1,5})")


def text_of(value: Marked) -> str:
    """Read a text that is not empty, exactly as it is written."""
    if not isinstance(value, MarkedText) or not value.text.strip():
        raise Mistake(value.line, "a text must stand here")
    return value.text


def text_or_empty(value: Marked) -> str:
    """Read a text that may be empty."""
    return "" if isinstance(value, MarkedText) and (value.is_null or not value.text.strip()) else text_of(value)


def switch_of(value: Marked) -> bool:
    """Read yes or no."""
    word = value.text.lower() if isinstance(value, MarkedText) else ""
    if word not in _SWITCH:
        raise Mistake(value.line, "yes or no must stand here")
    return _SWITCH[word]


def whole_number(low: int, high: int) -> ReadValue:
    """Read a whole number from *low* to *high*, both included."""

    def read(value: Marked) -> int:
        text = value.text if isinstance(value, MarkedText) else ""
        if not _WHOLE.fullmatch(text) or not low <= int(text) <= high:
            raise Mistake(value.line, f"a whole number from {low} to {high} must stand here{_instead(value)}")
        return int(text)

    return read


def number(low: float, high: float) -> ReadValue:
    """Read a number from *low* to *high*, both included."""

    def read(value: Marked) -> float:
        found = _float(value)
        if not low <= found <= high:
            raise Mistake(value.line, f"a number from {low:g} to {high:g} must stand here{_instead(value)}")
        return found

    return read


def span(low: float, high: float) -> ReadValue:
    """Read `[lowest, highest]`, both from *low* to *high*."""
    read_end = number(low, high)

    def read(value: Marked) -> tuple[float, float]:
        if not isinstance(value, MarkedList) or len(value.items) != 2:
            raise Mistake(value.line, "a range such as [5, 9] must stand here")
        first, last = (read_end(item) for item in value.items)
        if first > last:
            raise Mistake(value.line, f"the range runs from {first:g} to {last:g}; give the lower end first")
        return first, last

    return read


def size_of(value: Marked) -> tuple[int, int]:
    """Read WIDTHxHEIGHT in pixels, multiples of 8 from 64 to 2048."""
    match = _SIZE.fullmatch(value.text.strip()) if isinstance(value, MarkedText) else None
    if match is None:
        raise Mistake(value.line, "a size such as 512x768 must stand here")
    width, height = int(match[1]), int(match[2])
    if not all(64 <= edge <= 2048 and edge % 8 == 0 for edge in (width, height)):
        raise Mistake(value.line, f"the size {width}x{height} needs edges from 64 to 2048 that 8 divides")
    return width, height


def word_of(words: Sequence[str]) -> ReadValue:
    """Read one of *words*."""

    def read(value: Marked) -> str:
        text = value.text.strip() if isinstance(value, MarkedText) else ""
        if text not in words:
            raise Mistake(value.line, f"one of {', '.join(words)} must stand here{_instead(value)}")
        return text

    return read


def listed(read_item: ReadValue) -> ReadValue:
    """Read one value or a list of them; gives each with its line."""

    def read(value: Marked) -> tuple[tuple[int, Any], ...]:
        items = value.items if isinstance(value, MarkedList) else (value,)
        if not items:
            raise Mistake(value.line, "the list is empty")
        return tuple((item.line, read_item(item)) for item in items)

    return read


def named(read_item: ReadValue, names: Sequence[str] = ()) -> ReadValue:
    """Read a mapping of names (of *names* only, where there are any) to values."""

    def read(value: Marked) -> tuple[tuple[str, Any], ...]:
        if not isinstance(value, MarkedMapping):
            raise Mistake(value.line, "names with values must stand here")
        for key, _ in value.entries:
            if names and key.text not in names:
                raise Mistake(key.line, unknown_name(key.text, names))
        return tuple((key.text, read_item(item)) for key, item in value.entries)

    return read


def read_fields(value: Marked, table: Mapping[str, ReadValue], mistakes: list[Mistake]) -> dict[str, tuple[int, Any]]:
    """Read the fields of *table* that stand in the mapping *value*, each with its line; gather what is wrong."""
    if not isinstance(value, MarkedMapping):
        mistakes.append(Mistake(value.line, f"names with values must stand here, such as {next(iter(table))}: …"))
        return {}
    found = {}
    for key, item in value.entries:
        if key.text not in table:
            mistakes.append(Mistake(key.line, unknown_name(key.text, tuple(table))))
            continue
        try:
            found[key.text] = (key.line, table[key.text](item))
        except Mistake as mistake:
            mistakes.append(Mistake(mistake.line, f"{key.text}: {mistake.sentence}"))
    return found


def unknown_name(name: str, known: Sequence[str]) -> str:
    """Say that *name* is none of *known*, and which it may have been."""
    near = get_close_matches(name[:80], known, 1)
    advice = f"perhaps {near[0]} is meant" if near else f"use one of {', '.join(known)}"
    return f"there is no {name[:80]!r} here; {advice}"


def _float(value: Marked) -> float:
    try:
        return float(value.text) if isinstance(value, MarkedText) else math.nan
    except ValueError:
        return math.nan


def _instead(value: Marked) -> str:
    return f", not {value.text[:40]!r}" if isinstance(value, MarkedText) else ""
