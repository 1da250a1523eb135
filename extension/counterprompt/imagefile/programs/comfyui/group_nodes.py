"""Group nodes, the editor's older way of putting nodes inside a node (until its version 1.30).

`extra.groupNodes` has name to `nodes`, `links` and `external`; an instance has the type "workflow>name", before version
1.2.63 "workflow/name". Links are `[from, slot, to, slot, ...]` with places in `nodes`; `external` lists the outputs
`[node, slot, type]` that are used outside although they are linked inside. Sockets and settings of the instance are
those of the inner nodes, one node after the other, without what is linked inside; settings that were turned into
sockets come last (Comfy-Org/ComfyUI_frontend, src/extensions/core/groupNode.ts).
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from counterprompt.imagefile.programs.comfyui.sheets import INPUT_NODE, Definition, Drawing, Sheet, slot_number
from counterprompt.imagefile.programs.comfyui.widget_names import CONTROL, MOST_SLOTS, name_widgets
from counterprompt.imagefile.programs.json_object import pick_list, pick_object, pick_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_PREFIXES = ("workflow>", "workflow/")
_SEEDS = ("seed", "noise_seed")
_LINKS_A_NODE = 20

_Place = tuple[int, int]
"""An inner node's place in the group and a slot of it."""


def find_group(workflow: Mapping[str, Any], kind: str) -> Mapping[str, Any]:
    """Return the group whose instances have the type *kind*; empty where the file has none."""
    name = next((kind.removeprefix(prefix) for prefix in _PREFIXES if kind.startswith(prefix)), None)
    return pick_object(pick_object(pick_object(workflow, "extra"), "groupNodes"), name) if name else {}


def place_group(group: Mapping[str, Any], instance: Drawing, parent: Sheet, most_nodes: int) -> Sheet:
    """Put the first *most_nodes* nodes of a group in the place of *instance*."""
    nodes = [{**node} for node in pick_list(group, "nodes")[:most_nodes] if isinstance(node, dict)]
    inside = {(target, to): (origin, out) for origin, out, target, to in _read_links(group, len(nodes))}
    entrances = _match_entrances(
        nodes, list(islice(_open_inputs(group, nodes, inside), MOST_SLOTS)), _inputs_of(instance)
    )
    origins = {**inside, **{place: (int(INPUT_NODE), number) for number, place in enumerate(entrances)}}
    exits = dict(enumerate(_open_outputs(group, nodes, set(inside.values()))))
    links = {_name("into", *to): origin for to, origin in origins.items()}
    links.update({_name("exit", *of): of for of in exits.values()})
    for position, node in enumerate(nodes):
        node["inputs"] = [
            {**entry, "link": _name("into", position, slot) if (position, slot) in origins else None}
            for slot, entry in enumerate(_inputs_of(node))
        ]
    drawn = Definition(
        {str(position): node for position, node in enumerate(nodes)},
        {key: (str(node), slot) for key, (node, slot) in links.items()},
        {number: _name("exit", *of) for number, of in exits.items()},
    )
    settings = _share_out(nodes, pick_list(instance, "widgets_values"))
    feeds = dict(enumerate(entrances.values()))
    return Sheet(f"{parent.path}{instance.get('id')}:", drawn, parent, feeds, {}, settings)


def _name(word: str, position: int, slot: int) -> str:
    """The id of a link that is written nowhere."""
    return f"{word} {position} {slot}"


def _inputs_of(node: Mapping[str, Any]) -> list[Drawing]:
    return [entry for entry in pick_list(node, "inputs")[:MOST_SLOTS] if isinstance(entry, dict)]


def _read_links(group: Mapping[str, Any], nodes: int) -> Iterator[tuple[int, int, int, int]]:
    for link in pick_list(group, "links")[: nodes * _LINKS_A_NODE]:
        if isinstance(link, list) and all(isinstance(part, int) for part in link[:4]) and len(link) > 3:
            origin, out, target, to = link[:4]
            if 0 <= origin < nodes and 0 <= target < nodes:
                yield origin, out, target, to


def _open_outputs(group: Mapping[str, Any], nodes: list[Drawing], used: set[_Place]) -> Iterator[_Place]:
    """The outputs that the instance shows, in its order."""
    listed = pick_list(group, "external")[: len(nodes) * _LINKS_A_NODE]
    external = {(slot_number(link[0]), slot_number(link[1])) for link in listed if isinstance(link, list) and link[1:]}
    for position, node in enumerate(nodes):
        for slot in range(len(pick_list(node, "outputs")[:MOST_SLOTS])):
            place = (position, slot)
            is_shown = _find_choice(group, "output", position, str(slot))
            if place not in used or place in external if is_shown is None else is_shown:
                yield place


def _open_inputs(group: Mapping[str, Any], nodes: list[Drawing], inside: Mapping[_Place, _Place]) -> Iterator[_Place]:
    """The sockets that the instance shows, in its order: those of settings come last."""
    for is_setting in (False, True):
        for position, node in enumerate(nodes):
            for slot, entry in enumerate(_inputs_of(node)):
                is_hidden = _find_choice(group, "input", position, pick_text(entry, "name")) is False
                if bool(entry.get("widget")) == is_setting and (position, slot) not in inside and not is_hidden:
                    yield position, slot


def _find_choice(group: Mapping[str, Any], side: str, position: int, key: str) -> object:
    """Whether the user showed or hid a socket; None where it was left as it is."""
    config = pick_object(group, "config") or dict(zip(map(str, range(position + 1)), pick_list(group, "config")))
    of_node = pick_object(config, str(position))
    return pick_object(pick_object(of_node, side), key).get("visible")


def _match_entrances(nodes: list[Drawing], places: list[_Place], shown: list[Drawing]) -> dict[_Place, object]:
    """Inner socket to the link that comes in there: by type and name, else by type, in order."""
    entrances: dict[_Place, object] = {}
    inner = {place: _inputs_of(nodes[place[0]])[place[1]] for place in places}
    for entry in shown:
        fitting = [place for place in places if inner[place].get("type") == entry.get("type")]
        name = pick_text(entry, "name")
        named = [place for place in fitting if f" {name}".endswith(f" {pick_text(inner[place], 'name')}")]
        for place in (named or fitting)[:1]:
            places.remove(place)
            if entry.get("link") is not None:
                entrances[place] = entry["link"]
    return entrances


def _share_out(nodes: list[Drawing], values: list[object]) -> dict[str, dict[str, object]]:
    """Inner node to its settings: the instance's values in order, all of them or without those turned into sockets."""
    names = [name_widgets(node) or ("",) * len(pick_list(node, "widgets_values")) for node in nodes]
    for shown in (names, [_without_sockets(node, own) for node, own in zip(nodes, names)]):
        if sum(map(len, shown)) == len(values):
            queue = iter(values)
            return {str(position): dict(zip(own, queue)) for position, own in enumerate(shown)}
    return {}


def _without_sockets(node: Drawing, names: tuple[str, ...]) -> list[str]:
    sockets = {pick_text(entry, "name") for entry in _inputs_of(node) if entry.get("widget")}
    gone = sockets | ({CONTROL} if sockets.intersection(_SEEDS) else set())
    return [name for name in names if name not in gone]
