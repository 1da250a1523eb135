"""ComfyUI's graph as it was run: nodes with settings, and links from their inputs to other nodes' outputs.

The "prompt" text of a picture is a JSON object from a node's id to `class_type` and `inputs`; an input is a value or a
link `[id, slot]` (docs.comfy.org, workflow JSON and API format).
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator, Mapping

_LINK_PARTS = 2
_FARTHEST = 300
MOST_NODES = 2000
"""Of larger graphs the rest is left out; the largest workflows that people share have some hundreds."""

MOST_LINKS = 20_000
"""Of more the rest is left out: each of many saved pictures is traced along them; shared workflows have thousands."""


@dataclass(frozen=True)
class Node:
    """One node of the graph."""

    id: str
    """Its key in the graph."""
    kind: str
    """The name of its class, such as "KSampler"."""
    inputs: Mapping[str, object]
    """Input to value or link, in the file's order."""

    def has(self, *names: str) -> bool:
        """Whether it has any of these inputs."""
        return not self.inputs.keys().isdisjoint(names)


@dataclass(frozen=True)
class Graph:
    """All nodes of one picture."""

    nodes: Mapping[str, Node]
    """Id to node, in the file's order."""

    def is_link(self, value: object) -> bool:
        """Whether an input's value is a link to a node that exists."""
        return (
            isinstance(value, list)
            and len(value) == _LINK_PARTS
            and isinstance(value[0], str)
            and isinstance(value[1], int)
            and value[0] in self.nodes
        )

    def source(self, node: Node, name: str) -> Node | None:
        """The node that the input *name* is linked to, or None where it is no link."""
        return self._sources[node.id].get(name)

    def sources(self, node: Node) -> Iterable[tuple[str, Node]]:
        """Each linked input with the node at its other end, in the file's order."""
        return self._sources[node.id].items()

    @cached_property
    def _sources(self) -> dict[str, dict[str, Node]]:
        found: dict[str, dict[str, Node]] = {}
        left = MOST_LINKS
        for node in self.nodes.values():
            inputs = ((name, value) for name, value in node.inputs.items() if isinstance(value, list))
            links = ((name, self.nodes[value[0]]) for name, value in inputs if self.is_link(value))
            found[node.id] = dict(islice(links, left))
            left -= len(found[node.id])
        return found

    def upstream(self, node: Node, follows: Callable[[str], bool]) -> Iterator[Node]:
        """Walk from *node*, itself first, along the inputs whose names *follows* accepts: nearest first, each once.

        The walk ends after a few hundred nodes, more than any real chain has.
        """
        queue, seen = deque([node]), {node.id}
        while queue and len(seen) < _FARTHEST:
            here = queue.popleft()
            yield here
            for name, source in self.sources(here):
                if follows(name) and source.id not in seen:
                    seen.add(source.id)
                    queue.append(source)

    def path_to(self, node: Node, start: Container[str], ends: Callable[[Node], bool]) -> tuple[Node, ...]:
        """Nodes from behind *node* to the first one that *ends* accepts, depth first; empty where there is none.

        The first step takes the inputs in *start* only, the others any, in the file's order.
        """
        came_from: dict[str, str] = {node.id: ""}
        stack = [(source, node.id) for name, source in self.sources(node) if name in start][::-1]
        while stack:
            here, before = stack.pop()
            if here.id in came_from:
                continue
            came_from[here.id] = before
            if ends(here):
                return self._trace(here.id, came_from, node.id)
            stack.extend([(source, here.id) for _, source in self.sources(here)][::-1])
        return ()

    def _trace(self, end: str, came_from: Mapping[str, str], start: str) -> tuple[Node, ...]:
        path = []
        while end != start:
            path.append(self.nodes[end])
            end = came_from[end]
        return tuple(path[::-1])


def read_graph(prompt: Mapping[str, Any] | None) -> Graph | None:
    """Read the first MOST_NODES nodes of the API format; None where *prompt* holds none."""
    nodes = {}
    for key, entry in (prompt or {}).items():
        kind = entry.get("class_type") if isinstance(entry, dict) else None
        inputs = entry.get("inputs") if isinstance(entry, dict) else None
        if isinstance(kind, str) and isinstance(inputs, dict):
            nodes[key] = Node(key, kind, inputs)
        if len(nodes) == MOST_NODES:
            break
    return Graph(nodes) if nodes else None
