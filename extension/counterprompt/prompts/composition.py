"""AND: several prompts in one, each drawn by itself and added up with its weight."""

from __future__ import annotations

import re
from dataclasses import dataclass

_AND = re.compile(r"\bAND\b")
_WEIGHT = re.compile(r"[-+]?(?:\d+\.?|\d*\.\d+)")


@dataclass(frozen=True)
class ComposedPart:
    """What stands between two ANDs."""

    text: str
    """The prompt, as written; spaces before it count, those after it do not."""
    tail: str = ""
    """What follows it, as written: spaces and `: weight`."""

    @property
    def weight(self) -> float:
        """What its picture is multiplied by; 1 where no weight is written."""
        _, _, number = self.tail.partition(":")
        return float(number) if number else 1.0


def split_composition(prompt: str) -> tuple[ComposedPart, ...]:
    """Cut *prompt* at AND, brackets or not; joined with "AND", texts and tails give *prompt* again.

    A number after the last colon is a weight even where there is no AND: "ratio 16:9" counts nine times. Rules: A1111
    modules/prompt_parser.py; the negative prompt is never cut there.
    """
    return tuple(_split_weight(part) for part in _AND.split(prompt))


def _split_weight(part: str) -> ComposedPart:
    stem, colon, number = part.rpartition(":")
    end = len(stem) if colon and _WEIGHT.fullmatch(number.strip()) else len(part)
    text = part[:end].rstrip()
    return ComposedPart(text, part[len(text) :])
