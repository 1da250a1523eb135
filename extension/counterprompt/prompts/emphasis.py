"""Emphasis: how strongly each stretch of a prompt counts, by the rules of AUTOMATIC1111 1.10.

`(x)` counts 1.1 times, `[x]` 1/1.1 times, `(x:1.3)` 1.3 times; brackets nest by multiplication; a backslash makes the
next bracket literal. Round and square brackets are paired independently; an unclosed one reaches to the end.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from counterprompt.prompts.limits import refuse_oversized
from counterprompt.prompts.nodes import ROUND_FACTOR

BREAK: Final = ("BREAK", -1.0)
"""What a bare BREAK parses to; inside brackets its emphasis is multiplied too: a plain word to the WebUI."""

_MOST: Final = 1e6
"""Where emphasis is cut off, so that thousands of brackets cannot reach infinity and from there "not a number"."""

_MOST_PRODUCTS: Final = 1_000_000
"""Up to so many, emphasis is multiplied in the WebUI's own order, so that not even the last bit differs."""

_PLAIN_RUN = re.compile(r"[^\\()\[\]:]+")
_WEIGHTED_CLOSE = re.compile(r":\s*([+-]?[\d.]+)\s*\)")
_BREAK_WORD = re.compile(r"\bBREAK\b")
_FOREVER: Final = 1 << 60


@dataclass
class _Span:
    """One pair of brackets."""

    start: int
    """The first piece inside."""
    end: int = _FOREVER
    """The first piece after it."""
    factor: float = 1.0
    """What the pieces inside are multiplied by."""


@dataclass
class _Brackets:
    """All pairs of one kind of bracket, in the order they open."""

    factor: float
    """What a pair without a number multiplies by."""
    closed: list[_Span]
    """Pairs of both kinds, in the order they close."""
    spans: list[_Span] = field(default_factory=list)
    unclosed: list[_Span] = field(default_factory=list)

    def open_at(self, piece: int) -> None:
        span = _Span(piece, factor=self.factor)
        self.spans.append(span)
        self.unclosed.append(span)

    def close_at(self, piece: int, factor: float | None = None) -> bool:
        """Close the innermost pair; False where none is open, so that the closing bracket is text."""
        if not self.unclosed:
            return False
        span = self.unclosed.pop()
        span.end = piece
        span.factor = self.factor if factor is None else factor
        self.closed.append(span)
        return True

    def products(self, pieces: int) -> list[float]:
        """Multiply the factors around each of so many *pieces*, in one pass: pairs of one kind never cross."""
        enclosing = [(_FOREVER + 1, 1.0)]
        products = []
        following = 0
        for piece in range(pieces):
            while enclosing[-1][0] <= piece:
                enclosing.pop()
            while following < len(self.spans) and self.spans[following].start == piece:
                span = self.spans[following]
                following += 1
                if span.end > piece:
                    enclosing.append((span.end, _clamped(enclosing[-1][1] * span.factor)))
            products.append(enclosing[-1][1])
        return products


def parse_emphasis(prompt: str) -> tuple[tuple[str, float], ...]:
    """Split *prompt* into stretches of equal emphasis, in order, all brackets and escapes resolved.

    Schedules and extra networks are text here: resolve and strip them first. A bare BREAK comes out as the pair BREAK.

    Returns:
        (text, emphasis) pairs, at least one; emphasis within ±1e6, 1 is normal. Rules: A1111 modules/prompt_parser.py.

    Raises:
        InvalidInputError: *prompt* is longer than 100,000 characters.
    """
    refuse_oversized(prompt)
    pieces, around, between = _scan(prompt)
    merged: list[tuple[list[str], float]] = []
    for (text, _), emphasis in zip(pieces, _multiplied([base for _, base in pieces], around, between)):
        if merged and merged[-1][1] == emphasis:
            merged[-1][0].append(text)
        else:
            merged.append(([text], emphasis))
    return tuple(("".join(texts), emphasis) for texts, emphasis in merged) or (("", 1.0),)


def _multiplied(bases: list[float], around: _Brackets, between: _Brackets) -> list[float]:
    """Multiply each of *bases* by the brackets around it."""
    count = len(bases)
    spans = (*around.closed, *around.unclosed, *between.unclosed)
    if sum(min(span.end, count) - span.start for span in spans) > _MOST_PRODUCTS:
        factors = zip(bases, around.products(count), between.products(count))
        return [_clamped(base * outer * inner) for base, outer, inner in factors]
    for span in spans:
        for piece in range(span.start, min(span.end, count)):
            bases[piece] = _clamped(bases[piece] * span.factor)
    return bases


def render_emphasis(text: str, emphasis: float) -> str:
    """Write `(text:emphasis)`, or *text* alone where *emphasis* is 1; at most three decimals."""
    number = f"{emphasis:.3f}".rstrip("0").rstrip(".")
    return text if number == "1" else f"({text}:{number})"


def escape_brackets(text: str) -> str:
    r"""Put a backslash before every bracket and backslash: "ring (medium)" -> "ring \(medium\)"."""
    return re.sub(r"([\\()\[\]])", r"\\\1", text)


def _scan(prompt: str) -> tuple[list[tuple[str, float]], _Brackets, _Brackets]:
    pieces: list[tuple[str, float]] = []
    closed: list[_Span] = []
    around, between = _Brackets(ROUND_FACTOR, closed), _Brackets(1 / ROUND_FACTOR, closed)
    position = 0
    while position < len(prompt):
        sign = prompt[position]
        plain = _PLAIN_RUN.match(prompt, position)
        if plain:
            pieces.extend(_split_at_break(plain[0]))
            position = plain.end()
        elif sign == "\\":
            literal = prompt[position + 1 : position + 2]
            escaped = literal if literal and literal in "()[]\\" else ""
            pieces.append((escaped, 1.0))
            position += 1 + len(escaped)
        elif sign == ":":
            position = _read_colon(prompt, position, pieces, around)
        else:
            _read_bracket(sign, pieces, around if sign in "()" else between)
            position += 1
    return pieces, around, between


def _read_bracket(sign: str, pieces: list[tuple[str, float]], brackets: _Brackets) -> None:
    if sign in "([":
        brackets.open_at(len(pieces))
    elif not brackets.close_at(len(pieces)):
        pieces.append((sign, 1.0))


def _read_colon(prompt: str, position: int, pieces: list[tuple[str, float]], around: _Brackets) -> int:
    """Read ":" or ":1.3)" and return where the rest begins."""
    weighted = _WEIGHTED_CLOSE.match(prompt, position)
    factor = _number(weighted[1]) if weighted else None
    if weighted and factor is not None and around.close_at(len(pieces), factor):
        return weighted.end()
    if weighted and not around.unclosed:
        pieces.append((weighted[0], 1.0))
        return weighted.end()
    pieces.append((":", 1.0))
    return position + 1


def _split_at_break(text: str) -> list[tuple[str, float]]:
    parts = _BREAK_WORD.split(text)
    pieces = [(parts[0] if len(parts) == 1 else parts[0].rstrip(), 1.0)]
    for index, part in enumerate(parts[1:], start=1):
        pieces.append(BREAK)
        pieces.append((part.lstrip() if index == len(parts) - 1 else part.strip(), 1.0))
    return pieces


def _number(text: str) -> float | None:
    """Read a number; "1.2.3" is none, and then the colon is text."""
    try:
        return float(text)
    except ValueError:
        return None


def _clamped(emphasis: float) -> float:
    return max(-_MOST, min(_MOST, emphasis))
