"""Comments: the WebUI hides what stands between "#" and the end of the line, before it parses anything else.

Rules: A1111 1.10.1 modules/processing_scripts/comments.py; its option "Enable comments" is on by default. A line that
is a comment goes with the line breaks around it, a comment behind words with the one behind it; either leaves a line
break. Nothing makes a "#" literal. What the WebUI saves in a picture has lost its comments.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from counterprompt.prompts.limits import refuse_oversized

LEFT_BY_COMMENT: Final = "\n"
"""What stands in a comment's place when the prompt is parsed."""

_SIGN: Final = "#"
_WHOLE_LINE = re.compile(r"(?:^|\n)#[^\n]*(?:\n|$)")
_REST_OF_LINE = re.compile(r"#[^\n]*(?:\n|$)")


@dataclass(frozen=True)
class Comment:
    """One comment of a prompt, or several that end up as one."""

    text: str
    """Byte for byte, the line breaks that go with it included."""
    start: int
    """Where it begins in the prompt, in characters."""


def find_comments(prompt: str) -> tuple[Comment, ...]:
    """List the comments of *prompt* in order.

    Raises:
        InvalidInputError: *prompt* is longer than 100,000 characters.
    """
    refuse_oversized(prompt)
    if _SIGN not in prompt:
        return ()
    lines = [found.span() for found in _WHOLE_LINE.finditer(prompt)]
    shortened, places = _cut_out(prompt, lines)
    rests = [found.span() for found in _REST_OF_LINE.finditer(shortened)]
    spans = [(places[start][0], places[end - 1][1]) for start, end in rests]
    swallowed = {places[end - 1] for _, end in rests}
    spans += [line for line in lines if line not in swallowed]
    return tuple(Comment(prompt[start:end], start) for start, end in sorted(spans))


def strip_comments(prompt: str) -> str:
    """Leave the comments of *prompt* out; every other character stays, as the WebUI does it.

    Raises:
        InvalidInputError: *prompt* is longer than 100,000 characters.
    """
    refuse_oversized(prompt)
    if _SIGN not in prompt:
        return prompt
    return _REST_OF_LINE.sub(LEFT_BY_COMMENT, _WHOLE_LINE.sub(LEFT_BY_COMMENT, prompt))


def end_comment(prompt: str) -> str:
    """Return *prompt* so that words can be put behind it: a comment that would swallow them gets a line break."""
    return f"{prompt}\n" if _SIGN in prompt.rpartition("\n")[2] else prompt


def restore_comments(stripped: str, comments: tuple[Comment, ...]) -> str:
    """Put *comments* back in the places where `strip_comments` left a line break."""
    written: list[str] = []
    position = taken = 0
    for comment in comments:
        gap = comment.start - position
        written += (stripped[taken : taken + gap], comment.text)
        taken += gap + len(LEFT_BY_COMMENT)
        position = comment.start + len(comment.text)
    return "".join((*written, stripped[taken:]))


def _cut_out(prompt: str, lines: list[tuple[int, int]]) -> tuple[str, list[tuple[int, int]]]:
    """*prompt* with a line break for each of *lines*, and for each character of it the place it had."""
    pieces: list[str] = []
    places: list[tuple[int, int]] = []
    done = 0
    for start, end in (*lines, (len(prompt), len(prompt))):
        pieces.append(prompt[done:start])
        places += ((at, at + 1) for at in range(done, start))
        if start < end:
            pieces.append(LEFT_BY_COMMENT)
            places.append((start, end))
        done = end
    return "".join(pieces), places
