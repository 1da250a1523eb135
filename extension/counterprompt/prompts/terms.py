"""Terms: a prompt cut at its commas, as people think of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from counterprompt.prompts.comments import strip_comments
from counterprompt.prompts.emphasis import BREAK, parse_emphasis
from counterprompt.prompts.extra_networks import find_extra_networks, strip_extra_networks
from counterprompt.prompts.schedules import distinct_stages

if TYPE_CHECKING:
    from collections.abc import Iterator

_SEPARATOR = re.compile(r"[,;\n\r\uff0c\u3001\uff1b\u3002]|\.\s|\bAND\b")
_AND_WEIGHT = re.compile(r"(?<![0-9]):[ \t]*[-+]?[0-9.]+$")
"""A weight behind a term; "16:9" is a shape."""
_FACE = re.compile(r":[0-9]")
"""The booru tag ":3" and its kin, which are no weight of anything."""
_DEPTH = {"(": 1, "[": 1, ")": -1, "]": -1}


@dataclass(frozen=True)
class PromptTerm:
    """What stands between two commas."""

    text: str
    """Without brackets, escapes and extra networks, spaces collapsed; never empty."""
    emphasis: float
    """Of its most emphasised part (farthest from 1); 1 is normal."""


@lru_cache(maxsize=256)
def split_terms(prompt: str) -> tuple[PromptTerm, ...]:
    """Cut *prompt* into terms, in order, each text once.

    Comments are left out. Cuts at commas (also Chinese ones), semicolons, full stops, line ends, BREAK and AND. Of a
    prompt that changes with the step, the terms of all its stages are listed, those of the longest-acting stage first.

    Raises:
        InvalidInputError: *prompt* is longer than 100,000 characters or grows into too much text.
    """
    terms: dict[str, PromptTerm] = {}
    for stage in distinct_stages(strip_extra_networks(strip_comments(prompt))):
        for term in _terms_of_stage(stage):
            terms.setdefault(term.text, term)
    return tuple(terms.values())


def split_segments(prompt: str) -> tuple[str, ...]:
    """Cut *prompt* at the commas outside all brackets and tags; joined with commas the segments give *prompt* again.

    For leaving out part of a prompt while its schedules and emphasis stay as they were written.

    Raises:
        InvalidInputError: *prompt* is longer than 100,000 characters.
    """
    segments = []
    tag_ends = {tag.start: tag.start + len(tag.text) for tag in find_extra_networks(prompt)}
    depth = begin = tag_end = 0
    escaped = False
    for position, sign in enumerate(prompt):
        tag_end = tag_ends.get(position, tag_end)
        if position < tag_end:
            continue
        if sign == "," and depth == 0:
            segments.append(prompt[begin:position])
            begin = position + 1
        if not escaped:
            depth = max(0, depth + _DEPTH.get(sign, 0))
        escaped = sign == "\\" and not escaped
    return (*segments, prompt[begin:])


def _terms_of_stage(text: str) -> Iterator[PromptTerm]:
    words: list[str] = []
    emphasis = 1.0
    for piece, piece_emphasis in parse_emphasis(text):
        parts = _SEPARATOR.split(piece) if (piece, piece_emphasis) != BREAK else ["", ""]
        for index, part in enumerate(parts):
            if index > 0:
                yield from _finished_term(words, emphasis)
                words, emphasis = [], 1.0
            if part.strip() and abs(piece_emphasis - 1) > abs(emphasis - 1):
                emphasis = piece_emphasis
            words.append(part)
    yield from _finished_term(words, emphasis)


def _finished_term(words: list[str], emphasis: float) -> Iterator[PromptTerm]:
    written = " ".join("".join(words).split())
    text = written if _FACE.fullmatch(written) else _AND_WEIGHT.sub("", written).strip(" .")
    if text:
        yield PromptTerm(text, emphasis)
