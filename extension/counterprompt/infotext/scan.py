"""Cuts a parameter line into its pairs, in time that grows with its length only.

The WebUI finds the pairs with one regular expression, whose running time is quadratic on hostile lines. This scanner
walks from colon to colon instead and finds the same pairs. Grammar (HOSTS.md 2.5): a key is a word character followed
by at least one word character, space, hyphen or slash, then a colon; a value is a JSON string that a comma or the end
of the line follows, or else everything up to the next comma. Unlike the WebUI, a value may also be a bare JSON object
or a list of objects, as in Civitai's "Hashes" and "Civitai resources", which the WebUI cuts at their first comma.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from dataclasses import dataclass

from counterprompt.infotext.quoting import unquote

_KEY_PUNCTUATION = frozenset("_ -/")
_JSON_STARTS = ("{", "[{")
_MOST_JSON_VALUES = 32
"""More are not looked for: each failed look may read the rest of the line."""
_TIDY_PAIR = re.compile(
    r"([A-Za-z][A-Za-z0-9_ /α-ω-]{1,63}): "  # Greek for "CFG Rescale φ"
    r'([^\s",{[][^,]*|"(?!")[^"\\]*(?:\\.[^"\\]*)*"|\[(?!\{)[^,]*)(?:, |\Z)'
    r"|(?s:.+)"
)
"""One pair and the separator behind it; or, in a line that is not tidy, all the rest of it and no label."""
_LONGEST_TIDY_LINE = 8192


@dataclass(frozen=True)
class FieldSpan:
    """One pair of the parameter line, cut so that the spans joined give the line back."""

    before: str
    """Everything between the previous value and this one: separators, unreadable text, the label and its colon."""
    label: str
    """The key as it stands in the line, such as "CFG scale"."""
    raw_value: str
    """The value as it stands in the line, quotes and escapes included."""
    value: str
    """The value without quotes and escapes."""


def read_fields(line: str) -> tuple[tuple[str, str], ...]:
    """Label and value of each pair of *line*, as `scan_fields` cuts it."""
    tidy = _read_tidy_fields(line)
    return tuple((span.label, span.value) for span in scan_fields(line)[0]) if tidy is None else tidy


def _read_tidy_fields(line: str) -> tuple[tuple[str, str], ...] | None:
    """Read a line as programs write it: nothing but pairs with one comma and one space between; None for any other.

    Several times as fast as what is right for every line, and only for lines so short that none can make it slow.
    """
    if not 0 < len(line) <= _LONGEST_TIDY_LINE:
        return None
    pairs: list[tuple[str, str]] = _TIDY_PAIR.findall(line)
    if not pairs[-1][0]:
        return None
    if '"' in line:
        return tuple([pair if pair[1][0] != '"' else (pair[0], unquote(pair[1])) for pair in pairs])
    return tuple(pairs)


def scan_fields(line: str) -> tuple[tuple[FieldSpan, ...], str]:
    """Cut *line* (no line breaks in it) into its pairs and the characters left after the last value."""
    closing_quotes = _find_closing_quotes(line)
    json_ends = _JsonEnds(line)
    spans: list[FieldSpan] = []
    done = search_from = 0
    while (colon := line.find(":", search_from)) >= 0:
        key_start = _find_key_start(line, search_from, colon)
        if key_start is None:
            search_from = colon + 1
            continue
        value_start = _skip_space(line, colon + 1)
        value_end = json_ends.find(value_start) or _find_value_end(line, value_start, closing_quotes)
        raw_value = line[value_start:value_end]
        spans.append(FieldSpan(line[done:value_start], line[key_start:colon], raw_value, unquote(raw_value)))
        done = value_end
        search_from = value_end + 1
    return tuple(spans), line[done:]


def is_field_label(text: str) -> bool:
    """Whether *text* can be a key of the parameter line."""
    return len(text) > 1 and _is_word(text[0]) and all(_is_key_character(character) for character in text)


def _is_word(character: str) -> bool:
    return character.isalnum() or character == "_"


def _is_key_character(character: str) -> bool:
    return character.isalnum() or character in _KEY_PUNCTUATION


def _find_key_start(line: str, lower: int, colon: int) -> int | None:
    run_start = colon
    while run_start > lower and _is_key_character(line[run_start - 1]):
        run_start -= 1
    while run_start < colon and not _is_word(line[run_start]):
        run_start += 1
    return run_start if colon - run_start > 1 else None


def _skip_space(line: str, position: int) -> int:
    while position < len(line) and line[position].isspace():
        position += 1
    return position


def _find_value_end(line: str, value_start: int, closing_quotes: list[int]) -> int:
    if line.startswith('"', value_start):
        index = bisect_right(closing_quotes, value_start)
        end = closing_quotes[index] + 1 if index < len(closing_quotes) else 0
        is_filled = end - value_start > 2
        if is_filled and line[end : end + 1] in (",", ""):
            return end
    comma = line.find(",", value_start)
    return len(line) if comma < 0 else comma


def _find_closing_quotes(line: str) -> list[int]:
    """Positions of the quotes that an even number of backslashes precedes."""
    positions = []
    quote = line.find('"')
    while quote >= 0:
        backslash = quote
        while backslash > 0 and line[backslash - 1] == "\\":
            backslash -= 1
        if (quote - backslash) % 2 == 0:
            positions.append(quote)
        quote = line.find('"', quote + 1)
    return positions


class _JsonEnds:
    """Finds where bare JSON values of one line end."""

    def __init__(self, line: str) -> None:
        self._line = line
        self._looks_left = _MOST_JSON_VALUES

    def find(self, start: int) -> int:
        """Where the JSON object or list of objects at *start* ends, if a comma or the line's end follows; else 0."""
        if not self._line.startswith(_JSON_STARTS, start) or self._looks_left == 0:
            return 0
        self._looks_left -= 1
        try:
            _, end = json.JSONDecoder().raw_decode(self._line, start)
        except (ValueError, RecursionError):
            return 0
        return int(end) if self._line[end : end + 1] in (",", "") else 0
