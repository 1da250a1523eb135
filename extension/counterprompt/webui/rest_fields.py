"""Takes a JSON body apart by hand, so that it does not matter which pydantic a host has; every mistake is named."""

from __future__ import annotations

import base64
import binascii
import json
import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

from counterprompt.errors import InvalidInputError

LONGEST_TEXT: Final = 20_000
"""Characters of one text; no prompt comes near."""
MOST_ITEMS: Final = 200
"""Entries of one list or object."""
_LONGEST_NUMBER: Final = 30


def parse_body(content: bytes) -> dict[str, Any]:
    """Parse *content* as a JSON object.

    Raises:
        InvalidInputError: it is none, too deep, or holds a number that is none.
    """
    try:
        values = json.loads(content.decode("utf-8"), parse_int=_parse_int, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise InvalidInputError(f"The body is no JSON ({str(error)[:200]}); send one JSON object.") from error
    if not isinstance(values, dict):
        raise InvalidInputError(f"The body is a JSON {type(values).__name__}; send one JSON object.")
    return values


def _parse_int(text: str) -> int:
    if len(text) > _LONGEST_NUMBER:
        raise ValueError(f"a number of {len(text)} digits")
    return int(text)


def _refuse_constant(text: str) -> float:
    raise ValueError(f"{text} is no number of JSON")


class BodyFields:
    """The fields of one JSON object; whatever is not asked for by the end is refused.

    Every reader raises InvalidInputError with the field's name, its value and what would do.
    """

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = values
        self._asked: set[str] = set()

    def refuse_others(self) -> None:
        """Refuse what was not asked for: a misspelt field would be left out without a word."""
        unknown = sorted(set(self._values) - self._asked)
        if unknown:
            raise InvalidInputError(
                f"There is no field {unknown[0][:80]!r}; the fields are {', '.join(sorted(self._asked))}."
            )

    def refuse_halves(self) -> None:
        """Refuse half a character, which a lone surrogate of JSON is: no file and no tokenizer takes it."""
        for name, value in self._values.items():
            try:
                json.dumps(value, ensure_ascii=False).encode()
            except UnicodeEncodeError as error:
                half = str(error.object)[error.start]
                raise InvalidInputError(
                    f"{name[:80]!r} holds half a character, {half!r}; send both halves, or leave it out."
                ) from error

    def has(self, name: str) -> bool:
        """Whether *name* is there and not null."""
        self._asked.add(name)
        return self._values.get(name) is not None

    def text(self, name: str, default: str = "", longest: int = LONGEST_TEXT) -> str:
        """Read a text."""
        value = self._of_type(name, str, default, "a text")
        if len(value) > longest:
            raise InvalidInputError(f"{name} has {len(value)} characters; give at most {longest}.")
        return str(value)

    def flag(self, name: str, default: bool) -> bool:
        """Read true or false."""
        return bool(self._of_type(name, bool, default, "true or false"))

    def whole(self, name: str, low: int, high: int) -> int | None:
        """Read a whole number from *low* to *high*, None where there is none."""
        if not self.has(name):
            return None
        value = self._of_type(name, int, low, f"a whole number from {low} to {high}")
        if isinstance(value, bool) or not low <= value <= high:
            raise InvalidInputError(f"{name} is {value}; give a whole number from {low} to {high}.")
        return int(value)

    def number(self, name: str, low: float, high: float) -> float | None:
        """Read a number from *low* to *high*, None where there is none."""
        return _number(name, self._values[name], low, high) if self.has(name) else None

    def pair(self, name: str, low: float, high: float) -> tuple[float, float] | None:
        """Read `[lowest, highest]`, both from *low* to *high*, None where there is none."""
        return _pair(name, self._values[name], low, high) if self.has(name) else None

    def pairs(self, name: str, low: float, high: float) -> tuple[tuple[str, tuple[float, float]], ...]:
        """Read an object of names to `[lowest, highest]`."""
        return tuple((key, _pair(f"{name}.{key[:80]}", value, low, high)) for key, value in self._object(name).items())

    def numbers(self, name: str, names: Sequence[str], low: float, high: float) -> dict[str, float]:
        """Read an object of some of *names* to numbers from *low* to *high*; an empty one where there is none."""
        found = {key: _number(f"{name}.{key[:80]}", value, low, high) for key, value in self._object(name).items()}
        for key in found:
            if key not in names:
                raise InvalidInputError(f"{name} has no {key[:80]!r}; its names are {', '.join(names)}.")
        return found

    def texts(self, name: str) -> tuple[str, ...]:
        """Read a list of texts."""
        return _texts(name, self._values[name]) if self.has(name) else ()

    def text_lists(self, name: str) -> tuple[tuple[str, tuple[str, ...]], ...] | None:
        """Read an object of names to lists of texts, None where there is none."""
        if not self.has(name):
            return None
        return tuple((key, _texts(f"{name}.{key[:80]}", value)) for key, value in self._object(name).items())

    def object(self, name: str) -> Mapping[str, Any]:
        """Read an object as it is; an empty one where there is none."""
        return self._object(name)

    def picture(self, name: str) -> bytes | None:
        """Read a picture file as base64, bare or as a data URL, None where there is none."""
        if not self.has(name):
            return None
        text = self._of_type(name, str, "", "a picture file as base64")
        if text.startswith("data:"):
            text = text.partition(",")[2]
        try:
            content = base64.b64decode("".join(text.split()), validate=True)
        except (binascii.Error, ValueError) as error:
            raise InvalidInputError(
                f"{name} is no base64 ({text[:40]!r} ...); send the picture file's own bytes, no path and no URL."
            ) from error
        if not content:
            raise InvalidInputError(f"{name} is empty; send the picture file's bytes as base64.")
        return content

    def _object(self, name: str) -> Mapping[str, Any]:
        if not self.has(name):
            return {}
        value = self._of_type(name, dict, {}, "an object")
        if len(value) > MOST_ITEMS:
            raise InvalidInputError(f"{name} has {len(value)} entries; give at most {MOST_ITEMS}.")
        return dict(value)

    def _of_type(self, name: str, kind: type, default: Any, wanted: str) -> Any:
        if not self.has(name):
            return default
        value = self._values[name]
        if not isinstance(value, kind):
            raise InvalidInputError(f"{name} is {_shown(value)}; give {wanted}.")
        return value


def _texts(name: str, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise InvalidInputError(f"{name} is {_shown(value)}; give a list of texts.")
    if len(value) > MOST_ITEMS or any(len(each) > LONGEST_TEXT for each in value):
        raise InvalidInputError(f"{name} is too long; give at most {MOST_ITEMS} texts of {LONGEST_TEXT} characters.")
    return tuple(value)


def _number(name: str, value: Any, low: float, high: float) -> float:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if not is_number or not math.isfinite(value) or not low <= value <= high:
        raise InvalidInputError(f"{name} is {_shown(value)}; give a number from {low:g} to {high:g}.")
    return float(value)


def _pair(name: str, value: Any, low: float, high: float) -> tuple[float, float]:
    if not isinstance(value, list) or len(value) != 2:
        raise InvalidInputError(f"{name} is {_shown(value)}; give [lowest, highest].")
    lowest, highest = (_number(name, each, low, high) for each in value)
    if lowest > highest:
        raise InvalidInputError(f"{name} runs from {lowest:g} to {highest:g}; give the lower end first.")
    return lowest, highest


def _shown(value: Any) -> str:
    return json.dumps(value)[:80]
