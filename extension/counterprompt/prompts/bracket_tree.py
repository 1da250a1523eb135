"""The brackets of a prompt as a tree: emphasis, prompt editing and alternation.

Grammar (A1111 modules/prompt_parser.py): `[from:to:when]`, `[to:when]`, `[from::when]` and `[a|b|…]` count only where
every bracket inside is paired and every other colon sits in a pair such as `(x:1.2)`. A bracket that is anything else
is spoiled, and so are all brackets around it: they may emphasise, but no longer schedule (there the WebUI's own parser
is ambiguous). A bar outside an alternation makes all schedules of the prompt text. Where round and square brackets
cross, which no tree can show, the crossing one is text here; `parse_emphasis` has the numbers. Nothing here recurses or
backtracks: a prompt may be 100,000 brackets.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from counterprompt.prompts.nodes import Alternated, Break, Edited, EmbeddingName, Node, Text, Weighted

Cut = Callable[[str], Sequence[Text | EmbeddingName]]
"""Cuts a text at the embeddings in it."""

NUMBER = re.compile(r"\s*([+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)\s*")
"""The *when* of prompt editing."""

_RUN = re.compile(r"(?:[^\\\[\]():|]|\\.)+")
_WEIGHT = re.compile(r"\s*[+-]?(?:\d+\.?\d*|\.\d+)\s*")
_BREAK_WORD = re.compile(r"\bBREAK\b")
_PAIRS = ("()", "[]")


class UnparsableError(Exception):
    """The WebUI would take every schedule of the prompt as text. Never leaves this package."""


@dataclass(frozen=True)
class BracketTree:
    """A parsed prompt."""

    nodes: tuple[Node, ...]
    """In order; rendered they give the prompt again."""
    is_schedulable: bool
    """False where a stray bar or backslash makes the WebUI take all schedules as text."""


@dataclass
class _Frame:
    """An open bracket and what stands after it so far, cut at its own colons and bars."""

    opener: str
    parts: list[list[Node]] = field(default_factory=lambda: [[]])
    separators: list[str] = field(default_factory=list)

    def content(self, parts: int) -> list[Node]:
        """Join the first so many *parts*, separators as text."""
        joined = list(self.parts[0])
        for separator, part in zip(self.separators, self.parts[1:parts]):
            joined += (Text(separator), *part)
        return joined

    def last_text(self) -> str:
        """Return what stands after the last separator, "" where that is more than a text."""
        last = self.parts[-1]
        return last[0].text if len(last) == 1 and isinstance(last[0], Text) else ""


def parse_brackets(prompt: str, cut: Cut | None = None) -> BracketTree:
    """Read the brackets of *prompt*, extra networks stripped and AND split off before; *cut* finds its embeddings."""
    try:
        return BracketTree(_BracketParser(cut, has_schedules=True).parse(prompt), is_schedulable=True)
    except UnparsableError:
        return BracketTree(_BracketParser(cut, has_schedules=False).parse(prompt), is_schedulable=False)


class _BracketParser:
    """Reads one prompt."""

    def __init__(self, cut: Cut | None, *, has_schedules: bool) -> None:
        self._cut = cut
        self._has_schedules = has_schedules
        self._nodes: list[Node] = []
        self._frames: list[_Frame] = []
        self._spoiled = 0
        """How many of the outermost open brackets can no longer schedule."""

    def parse(self, prompt: str) -> tuple[Node, ...]:
        """Build the tree.

        Raises:
            UnparsableError: schedules are looked for, and a stray bar or backslash makes them text.
        """
        position = 0
        while position < len(prompt):
            run = _RUN.match(prompt, position)
            if run:
                self._append(Text(run[0]))
                position = run.end()
            else:
                self._read_sign(prompt[position])
                position += 1
        self._spoil()
        while self._frames:
            frame = self._frames.pop()
            self._append(self._weighted(frame, ""))
        return _split_at_breaks(self._merged(self._nodes))

    def _read_sign(self, sign: str) -> None:
        is_loose = len(self._frames) == self._spoiled
        if sign in "[(":
            self._frames.append(_Frame(sign))
        elif sign in "])":
            self._close(sign)
        elif sign == "\\" or (sign == "|" and is_loose):
            if self._has_schedules:
                raise UnparsableError
            self._append(Text(sign))
        elif self._frames:
            self._frames[-1].separators.append(sign)
            self._frames[-1].parts.append([])
        else:
            self._append(Text(sign))

    def _append(self, node: Node) -> None:
        (self._frames[-1].parts[-1] if self._frames else self._nodes).append(node)

    def _close(self, sign: str) -> None:
        if not self._frames or self._frames[-1].opener + sign not in _PAIRS:
            self._spoil()
            self._append(Text(sign))
            return
        node = self._node(self._frames[-1], sign) if len(self._frames) > self._spoiled else None
        if node is None:
            self._spoil()
            node = self._weighted(self._frames[-1], sign)
        self._frames.pop()
        self._spoiled = min(self._spoiled, len(self._frames))
        self._append(node)

    def _spoil(self) -> None:
        """Let no open bracket schedule any more."""
        if self._has_schedules and any("|" in frame.separators for frame in self._frames[self._spoiled :]):
            raise UnparsableError
        self._spoiled = len(self._frames)

    def _node(self, frame: _Frame, sign: str) -> Node | None:
        """Return what the closed bracket is, or None where it is spoiled."""
        kinds = set(frame.separators)
        if not kinds or (sign == ")" and frame.separators == [":"]):
            return self._weighted(frame, sign)
        if sign == ")" or not self._has_schedules:
            return None
        options = tuple(self._merged(part) for part in frame.parts)
        if kinds == {"|"}:
            return Alternated(options)
        when = frame.last_text()
        if kinds != {":"} or len(options) > 3 or not NUMBER.fullmatch(when):
            return None
        return Edited(options[0] if len(options) == 3 else None, options[-2], when)

    def _weighted(self, frame: _Frame, closer: str) -> Weighted:
        """Return a bracket as emphasis."""
        number = frame.last_text()
        is_number = closer == ")" and frame.separators[-1:] == [":"] and _WEIGHT.fullmatch(number)
        content = frame.content(len(frame.parts) - bool(is_number))
        return Weighted(frame.opener, self._merged(content), f":{number}" if is_number else "", closer)

    def _merged(self, nodes: list[Node]) -> tuple[Node, ...]:
        """Join neighbouring texts, cut them at embeddings; empty ones vanish."""
        merged: list[Node] = []
        for is_text, group in groupby(nodes, lambda node: isinstance(node, Text)):
            neighbours = list(group)
            text = "".join(node.text for node in neighbours if isinstance(node, Text))
            if not is_text:
                merged += neighbours
            elif text:
                merged += self._cut(text) if self._cut else (Text(text),)
        return tuple(merged)


def _split_at_breaks(nodes: tuple[Node, ...]) -> tuple[Node, ...]:
    """Cut the texts outside all brackets at BREAK; inside brackets it is a word like any other."""
    split: list[Node] = []
    for node in nodes:
        if not isinstance(node, Text):
            split.append(node)
            continue
        pieces = _BREAK_WORD.split(node.text)
        for index, piece in enumerate(pieces):
            split += ([Break()] if index else []) + ([Text(piece)] if piece else [])
    return tuple(split)
