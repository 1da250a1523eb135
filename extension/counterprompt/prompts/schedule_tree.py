"""The brackets of a prompt that change with the sampling step, as a tree.

Grammar (A1111 modules/prompt_parser.py): `[from:to:when]`, `[to:when]`, `[from::when]` and `[a|b|…]` count only where
every bracket inside is paired and every other colon sits in a pair such as `(x:1.2)`; any other bracket is text, and so
are all brackets around it (there the WebUI's own parser is ambiguous). A bar outside an alternation makes the whole
prompt text. Nothing here recurses or backtracks: a prompt may be 100,000 brackets.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_RUN = re.compile(r"(?:[^\\\[\]():|]|\\.)+")
_NUMBER = re.compile(r"\s*([+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)\s*")


class UnparsableError(Exception):
    """The WebUI would take the whole prompt as text. Never leaves this package."""


@dataclass(frozen=True)
class Branch:
    """A stretch of which one option shows at each step."""

    options: tuple[list[Node], ...]
    """At least one."""
    until: int | None = None
    """The last step that shows the first of two options; None: all options take turns, one a step."""

    def option_at(self, step: int) -> list[Node]:
        """Return what shows at *step*, counted from 1."""
        if self.until is None:
            return self.options[(step - 1) % len(self.options)]
        return self.options[0] if step <= self.until else self.options[1]


Node = str | Branch


@dataclass(frozen=True)
class ScheduleTree:
    """A parsed prompt."""

    nodes: list[Node]
    boundaries: frozenset[int]
    """The steps after which the text may change."""
    has_alternation: bool
    """Whether the text may change after every step."""


@dataclass
class _Frame:
    """An open bracket and what stands after it so far, cut at its own colons and bars."""

    opener: str
    parts: list[list[Node]] = field(default_factory=lambda: [[]])
    separators: list[str] = field(default_factory=list)

    def literal(self) -> Iterator[Node]:
        yield self.opener
        for index, part in enumerate(self.parts):
            yield from part
            if index < len(self.separators):
                yield self.separators[index]


class ScheduleParser:
    """Reads one prompt for a run of so many *steps*."""

    def __init__(self, steps: int) -> None:
        self._steps = steps
        self._nodes: list[Node] = []
        self._boundaries: set[int] = set()
        self._has_alternation = False
        self._frames: list[_Frame] = []

    def parse(self, prompt: str) -> ScheduleTree:
        """Build the tree.

        Raises:
            UnparsableError: a bar stands outside an alternation, or a lone backslash ends a line or the prompt.
        """
        position = 0
        while position < len(prompt):
            run = _RUN.match(prompt, position)
            if run:
                self._append(run[0])
                position = run.end()
            else:
                self._read_sign(prompt[position])
                position += 1
        self._give_up_frames()
        return ScheduleTree(self._nodes, frozenset(self._boundaries), self._has_alternation)

    def _read_sign(self, sign: str) -> None:
        if sign in "[(":
            self._frames.append(_Frame(sign))
        elif sign in "])":
            self._close(sign)
        elif sign == "\\" or (sign == "|" and not self._frames):
            raise UnparsableError
        elif self._frames:
            self._frames[-1].separators.append(sign)
            self._frames[-1].parts.append([])
        else:
            self._append(sign)

    def _append(self, node: Node) -> None:
        (self._frames[-1].parts[-1] if self._frames else self._nodes).append(node)

    def _close(self, sign: str) -> None:
        frame = self._frames[-1] if self._frames else None
        branch = None
        if frame is not None and frame.opener + sign in ("[]", "()"):
            branch = self._branch(frame) if sign == "]" else _round_group(frame)
        if branch is None:
            self._give_up_frames()
            self._append(sign)
        else:
            self._frames.pop()
            self._append(branch)

    def _branch(self, frame: _Frame) -> Branch | None:
        kinds = set(frame.separators)
        if not kinds:
            return Branch((["[", *frame.parts[0], "]"],))
        if kinds == {"|"}:
            self._has_alternation = True
            return Branch(tuple(frame.parts))
        until = self._last_step(frame.parts[-1]) if kinds == {":"} and len(frame.separators) <= 2 else None
        if until is None:
            return None
        self._boundaries.add(until)
        before: list[Node] = frame.parts[0] if len(frame.separators) == 2 else []
        return Branch((before, frame.parts[-2]), until)

    def _last_step(self, part: list[Node]) -> int | None:
        """Read *when*: with a dot a fraction of the steps, else a step; None where it is no number."""
        if len(part) != 1 or not isinstance(part[0], str):
            return None
        number = _NUMBER.fullmatch(part[0])
        if not number:
            return None
        when = float(number[1]) * (self._steps if "." in number[1] else 1)
        return int(max(0.0, min(when, float(self._steps))))

    def _give_up_frames(self) -> None:
        """Turn every open bracket into text; what is complete inside them stays."""
        for frame in self._frames:
            if "|" in frame.separators:
                raise UnparsableError
            self._nodes.extend(frame.literal())
        self._frames.clear()


def _round_group(frame: _Frame) -> Branch | None:
    if "|" in frame.separators:
        raise UnparsableError
    return Branch(([*frame.literal(), ")"],)) if len(frame.separators) <= 1 else None


def render_at(nodes: list[Node], step: int) -> str:
    """Write the text that shows at *step*, counted from 1."""
    texts: list[str] = []
    unfinished = [iter(nodes)]
    while unfinished:
        for node in unfinished[-1]:
            if isinstance(node, Branch):
                unfinished.append(iter(node.option_at(step)))
                break
            texts.append(node)
        else:
            unfinished.pop()
    return "".join(texts)
