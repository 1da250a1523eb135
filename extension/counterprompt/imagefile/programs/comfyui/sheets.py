"""The sheets of an editor's drawing: the workflow itself, and what is inside each of its subgraphs and group nodes.

A subgraph stands once under `definitions.subgraphs`; nodes whose `type` is its id are its instances. Inside, links from
node -10 come in by the instance's inputs and links to node -20 go out by its outputs; a setting of an inner node may be
typed at the instance ("promoted"). The editor writes an inner node as "instance:node" into the graph that is run
(Comfy-Org/ComfyUI_frontend, src/lib/litegraph/src/subgraph and docs/adr/0009).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from counterprompt.imagefile.programs.comfyui.widget_names import MOST_SLOTS
from counterprompt.imagefile.programs.json_object import pick_list, pick_object, pick_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

INPUT_NODE, OUTPUT_NODE = "-10", "-20"
"""The border of a subgraph."""
_AFTER_GENERATE = ("fixed", "increment", "decrement", "randomize")

Drawing = dict[str, Any]
"""One node as the editor keeps it."""


@dataclass(frozen=True)
class Definition:
    """What is drawn on one sheet, before it is used."""

    nodes: Mapping[str, Drawing]
    """Id to node, in the file's order."""
    links: Mapping[object, tuple[str, int]]
    """Link id to the node and the slot it comes from."""
    exits: Mapping[int, object] = field(default_factory=dict)
    """Output of the sheet to the link that goes there."""
    inputs: tuple[str, ...] = ()
    """Names of the sheet's inputs."""
    promoted: tuple[str, ...] = ()
    """Those of them that feed a setting, so that its value can be typed at the instance."""


@dataclass(eq=False)
class Sheet:
    """A definition in its place."""

    path: str
    """What stands before the ids of its nodes: "" for the workflow, "12:" inside its node 12."""
    drawn: Definition
    """What is on it."""
    parent: Sheet | None = None
    """The sheet that the instance stands on."""
    feeds: Mapping[int, object] = field(default_factory=dict)
    """Input to the parent's link that comes in by it."""
    values: Mapping[int, object] = field(default_factory=dict)
    """Input to the value typed at the instance."""
    settings: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    """Inner node's id to settings of it that are typed at the instance."""
    children: dict[str, Sheet] = field(default_factory=dict)
    """Node to the sheet that is inside it."""

    @cached_property
    def setters(self) -> Mapping[str, Drawing]:
        """Name to the node of KJNodes that sets it."""
        setters = {first_widget(node): node for node in self.drawn.nodes.values() if node.get("type") == "SetNode"}
        return {name: node for name, node in setters.items() if name}


def read_definition(source: Mapping[str, Any], most_nodes: int) -> Definition:
    """Read the first *most_nodes* nodes, and the links, of a workflow or of a subgraph."""
    entries = [node for node in pick_list(source, "nodes")[:most_nodes] if isinstance(node, dict)]
    nodes = {str(node.get("id")): node for node in entries}
    links: dict[object, tuple[str, int]] = {}
    exits: dict[int, object] = {}
    for key, origin, target, slot in _read_links(source):
        links[key] = origin
        if target == OUTPUT_NODE:
            exits.setdefault(slot, key)
    named = [pick_text(entry, "name") for entry in pick_list(source, "inputs")[:MOST_SLOTS]]
    fed = {links[key] for key in _setting_links(entries) if key in links}
    promoted = tuple(name for slot, name in enumerate(named) if (INPUT_NODE, slot) in fed)
    return Definition(nodes, links, {**exits, **_declared_exits(source, links)}, tuple(named), promoted)


def place_subgraph(drawn: Definition, instance: Drawing, parent: Sheet, typed: Mapping[str, object]) -> Sheet:
    """Put a subgraph in the place of *instance*; *typed* are settings of it that are typed farther out."""
    entries = [entry for entry in pick_list(instance, "inputs")[:MOST_SLOTS] if isinstance(entry, dict)]
    linked = {pick_text(entry, "name"): entry.get("link") for entry in entries}
    feeds = {slot: linked[name] for slot, name in enumerate(drawn.inputs) if linked.get(name) is not None}
    settings = _read_promoted(drawn, instance)
    own = {**settings.pop(INPUT_NODE, {}), **typed}
    values = {slot: own[name] for slot, name in enumerate(drawn.inputs) if name in own}
    path = f"{parent.path}{instance.get('id')}:"
    return Sheet(path, drawn, parent, feeds, values, settings)


def first_widget(drawing: Mapping[str, Any]) -> str:
    """The first typed setting of a node where it is a text, else ""."""
    values = pick_list(drawing, "widgets_values")
    return values[0] if values and isinstance(values[0], str) else ""


def slot_number(value: object) -> int:
    """A slot's number, 0 for what is none."""
    return value if isinstance(value, int) else 0


def link_key(link: object) -> object:
    """A link's id as a key; None for what cannot be one."""
    return link if isinstance(link, (int, str)) else None


def _read_links(source: Mapping[str, Any]) -> Iterator[tuple[object, tuple[str, int], str, int]]:
    """Id, origin and target of each link: a list in most versions, an object in subgraphs and in the newest."""
    for link in pick_list(source, "links"):
        if isinstance(link, list) and len(link) > 2:
            target, slot = (*link[3:5], None, None)[:2]
            yield link_key(link[0]), (str(link[1]), slot_number(link[2])), str(target), slot_number(slot)
        elif isinstance(link, dict):
            origin = str(link.get("origin_id")), slot_number(link.get("origin_slot"))
            yield link_key(link.get("id")), origin, str(link.get("target_id")), slot_number(link.get("target_slot"))


def _declared_exits(source: Mapping[str, Any], links: Mapping[object, object]) -> dict[int, object]:
    """Where an output itself names its link, which the target's slot may contradict in workflows that were edited."""
    exits = {}
    for slot, entry in enumerate(pick_list(source, "outputs")[:MOST_SLOTS]):
        keys = [key for key in map(link_key, pick_list(entry, "linkIds")[:1]) if key in links]
        if keys:
            exits[slot] = keys[0]
    return exits


def _setting_links(entries: list[Drawing]) -> Iterator[object]:
    """The links that feed settings instead of sockets."""
    for node in entries:
        for entry in pick_list(node, "inputs")[:MOST_SLOTS]:
            if pick_object(entry, "widget"):
                yield link_key(entry.get("link"))


def _read_promoted(drawn: Definition, instance: Drawing) -> dict[str, dict[str, object]]:
    """Inner node to its settings typed at the instance; INPUT_NODE stands for the subgraph's inputs.

    In the order of `proxyWidgets` where the instance has one for each value (editors up to 1.44), else one for each
    promoted input, and in some files what becomes of a seed behind it.
    """
    values = pick_list(instance, "widgets_values")[:MOST_SLOTS]
    settings: dict[str, dict[str, object]] = {}
    if proxies := _find_proxies(instance, len(values)):
        for (node, name, *_), value in zip(proxies, values):
            settings.setdefault(INPUT_NODE if node == "-1" else node, {})[name] = value
    else:
        spare = len(values) > len(drawn.promoted)
        kept = [value for value in values if not (spare and isinstance(value, str) and value in _AFTER_GENERATE)]
        settings[INPUT_NODE] = dict(zip(drawn.promoted, kept))
    settings.setdefault(INPUT_NODE, {}).update(pick_object(instance, "widgets_values_named"))
    return {node: {name: one for name, one in typed.items() if one is not None} for node, typed in settings.items()}


def _find_proxies(instance: Drawing, count: int) -> list[list[str]]:
    """Inner node and setting of each value; previews, "$$...", have a value in some files; empty where none fits."""
    pairs = pick_list(pick_object(instance, "properties"), "proxyWidgets")[:MOST_SLOTS]
    proxies = [pair for pair in pairs if isinstance(pair, list) and [type(part) for part in pair[:2]] == [str, str]]
    shown = [pair for pair in proxies if not pair[1].startswith("$$")]
    return next((found for found in (proxies, shown) if len(found) == count), [])
