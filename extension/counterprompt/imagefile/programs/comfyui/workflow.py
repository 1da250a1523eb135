"""The drawing of a graph as ComfyUI's editor keeps it, turned into the graph that is run.

The "workflow" text is a JSON object with `nodes` and `links` (docs.comfy.org, workflow JSON 0.4 and 1.0). Subgraphs and
group nodes are taken apart as the editor does before it runs a graph, so ids and links are those of the "prompt" text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from counterprompt.imagefile.programs.comfyui.graph import MOST_NODES, Graph, Node
from counterprompt.imagefile.programs.comfyui.group_nodes import find_group, place_group
from counterprompt.imagefile.programs.comfyui.sheets import Definition, Sheet, place_subgraph, read_definition
from counterprompt.imagefile.programs.comfyui.widget_names import read_widgets
from counterprompt.imagefile.programs.comfyui.wires import BYPASSED, MUTED, Wires
from counterprompt.imagefile.programs.json_object import pick_list, pick_object, pick_text

if TYPE_CHECKING:
    from collections.abc import Mapping

_DEEPEST = 12
"""Of subgraphs inside subgraphs."""
_MOST_SHEETS = 100


def read_workflow(workflow: Mapping[str, Any] | None) -> Graph | None:
    """Turn the editor's format into the graph that is run; None where *workflow* holds no node.

    Muted nodes are left out; bypassed ones, reroutes and the Set/Get pairs of KJNodes are replaced by what feeds them,
    subgraphs and group nodes by what is inside them. Of larger workflows the first MOST_NODES nodes are read.
    """
    wires = Wires()
    nodes = {}
    for sheet in _Expansion(workflow or {}).sheets:
        for key, drawing in sheet.drawn.nodes.items():
            if key in sheet.children or drawing.get("mode") in (MUTED, BYPASSED):
                continue
            typed = {**read_widgets(drawing), **sheet.settings.get(key, {})}
            path = sheet.path + key
            nodes[path] = Node(path, pick_text(drawing, "type"), {**typed, **wires.read_inputs(sheet, drawing)})
    return Graph(nodes) if nodes else None


class _Expansion:
    """Lays out a workflow and everything inside its nodes, each sheet before those inside it."""

    def __init__(self, workflow: Mapping[str, Any]) -> None:
        self._workflow = workflow
        entries = pick_list(pick_object(workflow, "definitions"), "subgraphs")[:MOST_NODES]
        self._subgraphs = {pick_text(entry, "id"): entry for entry in entries if isinstance(entry, dict)}
        self._read: dict[str, Definition] = {}
        self._nodes_left = MOST_NODES
        self.sheets: list[Sheet] = []
        """All of them, the workflow itself first."""
        self._lay_out(Sheet("", read_definition(workflow, MOST_NODES)), ())

    def _lay_out(self, sheet: Sheet, around: tuple[str, ...]) -> None:
        """Add *sheet*, and what is inside its nodes; *around* are the types that it is inside of."""
        self.sheets.append(sheet)
        self._nodes_left -= len(sheet.drawn.nodes)
        for key, drawing in sheet.drawn.nodes.items():
            kind = pick_text(drawing, "type")
            if self._nodes_left <= 0 or len(self.sheets) >= _MOST_SHEETS or len(around) >= _DEEPEST or kind in around:
                continue
            if drawing.get("mode") not in (MUTED, BYPASSED) and (inner := self._place(kind, key, drawing, sheet)):
                sheet.children[key] = inner
                self._lay_out(inner, (*around, kind))

    def _place(self, kind: str, key: str, drawing: dict[str, Any], parent: Sheet) -> Sheet | None:
        if kind in self._subgraphs:
            if kind not in self._read:
                self._read[kind] = read_definition(self._subgraphs[kind], MOST_NODES)
            return place_subgraph(self._read[kind], drawing, parent, parent.settings.get(key, {}))
        group = find_group(self._workflow, kind)
        return place_group(group, drawing, parent, self._nodes_left) if group else None
