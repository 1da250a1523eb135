"""Follows the links of an editor's drawing past everything that only passes something on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from counterprompt.imagefile.programs.comfyui.sheets import INPUT_NODE, first_widget, link_key
from counterprompt.imagefile.programs.comfyui.widget_names import MOST_SLOTS
from counterprompt.imagefile.programs.json_object import pick_list, pick_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from counterprompt.imagefile.programs.comfyui.sheets import Drawing, Sheet

MUTED, BYPASSED = 2, 4
"""What `mode` says of nodes that are not run: cut, or passed by."""
_MOST_HOPS_AN_INPUT = 100
_MOST_INPUTS = 20_000
"""Of all nodes together; the largest workflows that people share have some thousands."""
_MOST_HOPS = 20_000
"""Links followed in all."""
_ANY = "*"


@dataclass(frozen=True)
class _Place:
    """A link on its sheet."""

    sheet: Sheet
    link: object


class Wires:
    """Finds where the inputs of nodes come from."""

    def __init__(self) -> None:
        self._inputs_left = _MOST_INPUTS
        self._hops_left = _MOST_HOPS
        self._feeds: dict[tuple[Sheet, str, int], _Place | None] = {}

    def read_inputs(self, sheet: Sheet, drawing: Drawing) -> dict[str, object]:
        """Name to `[id, slot]` of each linked input of a node, or to the value typed at the subgraph around it."""
        inputs: dict[str, object] = {}
        for entry in pick_list(drawing, "inputs")[: min(MOST_SLOTS, self._inputs_left)]:
            self._inputs_left -= 1
            name = pick_text(entry, "name")
            origin = self._find_origin(_Place(sheet, entry.get("link"))) if name else None
            if origin is not None:
                inputs[name] = origin
        return inputs

    def _find_origin(self, place: _Place | None) -> object:
        typed: object = None
        for _ in range(min(_MOST_HOPS_AN_INPUT, self._hops_left)):
            self._hops_left -= 1
            origin = place.sheet.drawn.links.get(link_key(place.link)) if place else None
            if place is None or origin is None:
                break
            sheet, (node, slot) = place.sheet, origin
            if node == INPUT_NODE and sheet.parent is not None:
                typed = _as_value(sheet.values.get(slot, typed))
                place = _Place(sheet.parent, sheet.feeds[slot]) if slot in sheet.feeds else None
                continue
            drawing = sheet.drawn.nodes.get(node)
            if drawing is None or drawing.get("mode") == MUTED:
                break
            if not _passes_on(sheet, node, drawing):
                return [sheet.path + node, slot]
            place = self._find_feed(sheet, node, drawing, slot)
        return typed

    def _find_feed(self, sheet: Sheet, node: str, drawing: Drawing, slot: int) -> _Place | None:
        """The link that goes on behind the output *slot* of a node that passes something on."""
        key = (sheet, node, slot)
        if key not in self._feeds:
            self._feeds[key] = _search_feed(sheet, node, drawing, slot)
        return self._feeds[key]


def _as_value(value: object) -> object:
    """A typed value; a list is wrapped, as the editor does, lest it looks like a link."""
    return {"__value__": value} if isinstance(value, list) else value


def _passes_on(sheet: Sheet, node: str, drawing: Drawing) -> bool:
    kind = pick_text(drawing, "type")
    is_virtual = kind.startswith("Reroute") or kind in ("GetNode", "SetNode")
    return is_virtual or drawing.get("mode") == BYPASSED or node in sheet.children


def _search_feed(sheet: Sheet, node: str, drawing: Drawing, slot: int) -> _Place | None:
    is_bypassed = drawing.get("mode") == BYPASSED
    if node in sheet.children and not is_bypassed:
        inner = sheet.children[node]
        return _Place(inner, inner.drawn.exits[slot]) if slot in inner.drawn.exits else None
    if drawing.get("type") == "GetNode":
        sheet, drawing = _find_setter(sheet, drawing)
    outputs = pick_list(drawing, "outputs")
    kind = pick_text(outputs[slot], "type") if 0 <= slot < len(outputs) else ""
    entries = enumerate(pick_list(drawing, "inputs")[:MOST_SLOTS])
    linked = [(at, entry) for at, entry in entries if isinstance(entry, dict) and entry.get("link") is not None]
    exact = sorted((at != slot, at, entry["link"]) for at, entry in linked if entry.get("type") == kind)
    fitting = [entry["link"] for _, entry in linked if not is_bypassed or _ANY in (kind, entry.get("type")) or not kind]
    links = [link for *_, link in exact] or fitting
    return _Place(sheet, links[0]) if links else None


def _find_setter(sheet: Sheet, getter: Mapping[str, Any]) -> tuple[Sheet, Drawing]:
    """The node of KJNodes that set what *getter* gets, on its sheet or on one around it."""
    name = first_widget(getter)
    here: Sheet | None = sheet
    while here is not None:
        if name in here.setters:
            return here, here.setters[name]
        here = here.parent
    return sheet, {}
