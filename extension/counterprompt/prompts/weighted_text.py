"""Stretches of text with weights, written as a prompt for the WebUI: how other programs' emphasis is translated."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Final

from counterprompt.prompts.composition import split_composition
from counterprompt.prompts.emphasis import escape_brackets

if TYPE_CHECKING:
    from collections.abc import Iterable

_MOST: Final = 1000.0


def render_weighted(stretches: Iterable[tuple[str, float]]) -> str:
    r"""Write `(text:weight)` for each stretch, text alone for weight 1, neighbours of one weight together.

    Weights have four decimals at most and lie within ±1000. Every bracket and backslash of the texts is literal and
    gets a backslash; a number behind a colon at the very end gets a comma, else it would be the weight of all (A1111
    modules/prompt_parser.py). Read by `parse_prompt` the stretches come back.
    """
    written = []
    for number, group in groupby(stretches, key=lambda stretch: _format_weight(stretch[1])):
        text = escape_brackets("".join(part for part, _ in group))
        written.append(text if number == "1" else _wrap(text, number))
    prompt = "".join(written)
    return f"{prompt}," if ":" in split_composition(prompt)[-1].tail else prompt


def _wrap(text: str, number: str) -> str:
    """Brackets around *text*, spaces at its ends left outside."""
    words = text.strip()
    if not words:
        return text
    start = text.index(words)
    return f"{text[:start]}({words}:{number}){text[start + len(words) :]}"


def _format_weight(weight: float) -> str:
    number = f"{max(-_MOST, min(weight, _MOST)):.4f}".rstrip("0").rstrip(".")
    return "0" if number == "-0" else number
