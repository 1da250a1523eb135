"""The parts of a prompt as values that know their own spelling: rendered in order they give the prompt again.

What each part does is A1111's (modules/prompt_parser.py). Nothing here recurses: a prompt may be 100,000 brackets deep.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

ROUND_FACTOR: Final = 1.1
"""What a pair of round brackets without a number multiplies by; square ones divide by it."""

_ESCAPE = re.compile(r"\\([\\()\[\]]?)")


@dataclass(frozen=True)
class Text:
    """Words, commas and spaces."""

    text: str
    """As written, escapes included."""

    @property
    def literal(self) -> str:
        r"""What reaches the model: `\\(` is a bracket, and any other backslash is gone."""
        return _ESCAPE.sub(r"\1", self.text)


@dataclass(frozen=True)
class Break:
    """The word BREAK, which ends the 75 token chunk."""

    text: str = "BREAK"
    """As written."""


@dataclass(frozen=True)
class EmbeddingName:
    """The name of a textual inversion embedding that is installed."""

    name: str
    """As the file spells it."""
    text: str
    """As the prompt spells it."""


@dataclass(frozen=True)
class Weighted:
    """Brackets that change how strongly their content counts."""

    opener: str
    """"(" or "["."""
    content: tuple[Node, ...]
    """What stands inside, the weight aside."""
    weight: str = ""
    """The colon, the number and the spaces around it, as written: ":1.3"; "" without a number."""
    closer: str = ""
    """")" or "]"; "" where the bracket is never closed and reaches to the end."""

    @property
    def factor(self) -> float:
        """What the emphasis of the content is multiplied by."""
        if self.weight:
            return float(self.weight[1:])
        return ROUND_FACTOR if self.opener == "(" else 1 / ROUND_FACTOR


@dataclass(frozen=True)
class Edited:
    """Prompt editing: `[before:after:when]`, `[after:when]`, `[before::when]`."""

    before: tuple[Node, ...] | None
    """What shows first; None where it is not written."""
    after: tuple[Node, ...]
    """What shows then; empty in `[before::when]`."""
    when: str
    """The number between the last colon and the bracket, as written; with a dot a fraction of the run, else a step."""


@dataclass(frozen=True)
class Alternated:
    """Alternation: `[one|other]`, of which one option shows at each step in turn."""

    options: tuple[tuple[Node, ...], ...]
    """At least two."""


Node = Text | Break | EmbeddingName | Weighted | Edited | Alternated

Parts = tuple["str | tuple[Node, ...]", ...]
"""Spelling and content of a node in turn."""


def parts_of(node: Node) -> Parts:
    """Return how *node* is spelled: strings, and between them the nodes inside it."""
    if isinstance(node, Weighted):
        return (node.opener, node.content, node.weight + node.closer)
    if isinstance(node, Edited):
        before = () if node.before is None else (node.before, ":")
        return ("[", *before, node.after, f":{node.when}]")
    if isinstance(node, Alternated):
        inside = [part for option in node.options for part in ("|", option)]
        return ("[", *inside[1:], "]")
    return (node.text,)


def render_nodes(nodes: Iterable[Node], parts: Callable[[Node], Parts] = parts_of) -> str:
    """Write *nodes*; *parts* chooses what of each node shows, all of it by default."""
    texts: list[str] = []
    unfinished: list[Iterator[str | Node | tuple[Node, ...]]] = [iter(nodes)]
    while unfinished:
        for item in unfinished[-1]:
            if isinstance(item, str):
                texts.append(item)
            elif isinstance(item, Text):
                texts.append(item.text)
            else:
                unfinished.append(iter(item if isinstance(item, tuple) else parts(item)))
                break
        else:
            unfinished.pop()
    return "".join(texts)


def walk_nodes(nodes: Iterable[Node]) -> Iterator[Node]:
    """Give every node in reading order, outer ones before those inside them."""
    unfinished: list[Iterator[Node]] = [iter(nodes)]
    while unfinished:
        node = next(unfinished[-1], None)
        if node is None:
            unfinished.pop()
            continue
        yield node
        inside = [part for part in parts_of(node) if isinstance(part, tuple)]
        unfinished.extend(iter(part) for part in reversed(inside))
