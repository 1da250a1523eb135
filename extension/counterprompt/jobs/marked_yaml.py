"""YAML text as values that know their line. Nothing is constructed from it, and it cannot grow.

The YAML is read up to its node graph only (PyYAML's `parse` and `compose`), so no tag can make an object; what is a
number or a switch is decided by the field that wants one, so `no` stays a word where a word is wanted.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from counterprompt.jobs.mistakes import Mistake

if TYPE_CHECKING:
    import yaml

MOST_BYTES: Final = 262_144
"""Longest job file that is read."""

MOST_DEPTH: Final = 20
"""Brackets and indentations inside one another."""

MOST_VALUES: Final = 20_000
"""Values of a file once its aliases are followed."""

_ESCAPE: Final = re.compile(r"\\U([0-9A-Fa-f]{8})")
_UNWRITABLE: Final = re.compile("[\0\ud800-\udfff]")
"""Half characters and zero, which an escape can write and neither a file nor a name can hold."""

_USUAL_TAGS: Final = frozenset(
    f"tag:yaml.org,2002:{name}" for name in ("null", "bool", "int", "float", "str", "timestamp", "seq", "map")
)


@dataclass(frozen=True)
class MarkedText:
    """A single value, as written."""

    line: int
    """Counted from 1."""
    text: str
    """Without quotes."""
    is_null: bool = False
    """Whether nothing stands there, or `null`."""


@dataclass(frozen=True)
class MarkedList:
    """A list."""

    line: int
    """Where it begins, counted from 1."""
    items: tuple[Marked, ...]
    """In order."""


@dataclass(frozen=True)
class MarkedMapping:
    """Names with values."""

    line: int
    """Where it begins, counted from 1."""
    entries: tuple[tuple[MarkedText, Marked], ...]
    """In order; no name comes twice."""


Marked = MarkedText | MarkedList | MarkedMapping


def read_marked(text: str) -> Marked:
    """Read one YAML document.

    Raises:
        Mistake: it is not YAML, too deep, too large, refers to itself, or uses tags, merge keys or a name twice.
    """
    import yaml

    try:
        _refuse_depth(text)
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise Mistake(mark.line + 1 if mark else 1, f"this is not YAML ({error.problem})") from error
    except (ValueError, OverflowError) as error:
        raise Mistake(_line_of_escape(text), "this is not YAML (no character has such a number)") from error
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise Mistake(line, f"the character {error.character!r} cannot stand in a job file") from error
    if node is None:
        return MarkedText(1, "", is_null=True)
    return _Reader().read(node)


def _line_of_escape(text: str) -> int:
    """Return the line of the first escaped number that is none of a character, 1 where there is none."""
    numbers = (found for found in _ESCAPE.finditer(text) if int(found[1], 16) > sys.maxunicode)
    return text.count("\n", 0, next((found.start() for found in numbers), 0)) + 1


def _refuse_depth(text: str) -> None:
    import yaml

    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MOST_DEPTH:
            raise Mistake(event.start_mark.line + 1, f"values lie more than {MOST_DEPTH} deep in one another")


class _Reader:
    """Follows a node graph, counting what it meets."""

    def __init__(self) -> None:
        self._values = 0
        self._open: list[yaml.Node] = []

    def read(self, node: yaml.Node) -> Marked:
        import yaml

        line = node.start_mark.line + 1
        self._refuse(node, line)
        if isinstance(node, yaml.ScalarNode):
            if strange := _UNWRITABLE.search(node.value):
                raise Mistake(line, f"the character {strange[0]!r} cannot stand in a job file")
            return MarkedText(line, node.value, is_null=node.tag.endswith(":null"))
        self._open.append(node)
        if isinstance(node, yaml.SequenceNode):
            found: Marked = MarkedList(line, tuple(self.read(item) for item in node.value))
        else:
            found = MarkedMapping(line, self._entries(node))
        self._open.pop()
        return found

    def _refuse(self, node: yaml.Node, line: int) -> None:
        self._values += 1
        if self._values > MOST_VALUES:
            raise Mistake(line, f"the file grows to more than {MOST_VALUES} values; use fewer aliases")
        if any(each is node for each in self._open):
            raise Mistake(line, "this value refers to itself")
        if node.tag == "tag:yaml.org,2002:merge":
            raise Mistake(line, "<< is not read here; put what several jobs share under defaults")
        if node.tag not in _USUAL_TAGS:
            raise Mistake(line, f"the tag {node.tag} is not read here; leave it out")

    def _entries(self, node: Any) -> tuple[tuple[MarkedText, Marked], ...]:
        entries: dict[str, tuple[MarkedText, Marked]] = {}
        for key_node, value_node in node.value:
            key = self.read(key_node)
            if not isinstance(key, MarkedText) or key.is_null:
                raise Mistake(key.line, "a name must be a plain word")
            if key.text in entries:
                raise Mistake(key.line, f"{key.text} stands here a second time; keep one of the two")
            entries[key.text] = (key, self.read(value_node))
        return tuple(entries.values())
