"""Single values of a graph: an input's number or word, wherever it was typed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from counterprompt.imagefile.programs.json_object import as_number

if TYPE_CHECKING:
    from counterprompt.imagefile.programs.comfyui.graph import Graph, Node

_MOST_HOPS = 50
_PARTS = frozenset(
    ("guider", "noise", "sigmas", "sampler", "pipe", "basic_pipe", "sdxl_tuple", "settings", "optional_pipe")
)
"""Inputs behind which a sampling node keeps the rest of its settings."""
_GENERIC_NAMES = ("value", "Value", "int", "float", "number", "seed", "noise_seed", "string", "text")
_WIDTHS, _HEIGHTS = ("width", "empty_latent_width"), ("height", "empty_latent_height")
_SIZES_IN_WORDS = ("resolution", "dimensions", "aspect_ratio")
_SIZE_IN_WORDS = re.compile(r"(\d{2,5})\s{0,2}[x×]\s{0,2}(\d{2,5})")


def find_value(graph: Graph, node: Node, *names: str) -> object:
    """The first of the inputs *names* that has a value, links to nodes that hold one value followed; None without."""
    for name in names:
        if name in node.inputs and (value := _resolve(graph, node, name)) is not None:
            return value
    return None


def find_setting(graph: Graph, node: Node, *names: str) -> object:
    """Like `find_value`, also behind the guider, the noise, the sigmas and the pipes that *node* is linked to."""
    value = find_value(graph, node, *names)
    if value is not None:
        return value
    for here in graph.upstream(node, _PARTS.__contains__):
        value = find_value(graph, here, *names)
        if value is not None:
            return value
    return None


def find_number(graph: Graph, node: Node, *names: str) -> int | float | None:
    """Like `find_setting`, numbers only."""
    return as_number(find_setting(graph, node, *names))


def find_word(graph: Graph, node: Node, *names: str) -> str:
    """Like `find_setting`, texts only; "" without."""
    value = find_setting(graph, node, *names)
    return value if isinstance(value, str) else ""


def find_size(graph: Graph, node: Node) -> tuple[int, int] | None:
    """Width and height in pixels that *node* sets: two numbers, or a word such as "SDXL - 3:4 portrait 896x1152"."""
    if node.has(*_WIDTHS):
        width, height = (as_number(find_value(graph, node, *names)) for names in (_WIDTHS, _HEIGHTS))
        if isinstance(width, int) and isinstance(height, int) and width > 0 and height > 0:
            return width, height
    for name in _SIZES_IN_WORDS if node.has(*_SIZES_IN_WORDS) else ():
        found = _SIZE_IN_WORDS.search(str(node.inputs.get(name, ""))[:80])
        if found:
            return int(found.group(1)), int(found.group(2))
    return None


def unwrap(value: object) -> object:
    """The value inside the objects that some nodes wrap around theirs, `{"content": ...}` and `{"__value__": ...}`."""
    if isinstance(value, dict):
        return value.get("content", value.get("__value__"))
    return value


def _resolve(graph: Graph, node: Node, name: str) -> object:
    for _ in range(_MOST_HOPS):
        source = graph.source(node, name)
        if source is None:
            return unwrap(node.inputs.get(name))
        wanted = next((word for word in (name, *_GENERIC_NAMES) if word in source.inputs), "")
        links = [link for link, _ in graph.sources(source)]
        node, name = source, wanted or (links[0] if len(links) == 1 else "")
    return None
