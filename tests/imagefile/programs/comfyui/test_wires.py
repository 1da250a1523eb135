"""Links of the editor's drawing."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest

from counterprompt.imagefile.programs.comfyui.workflow import read_workflow

Drawing = dict[str, Any]


def _node(key: int, kind: str, inputs: list[Drawing], **more: Any) -> Drawing:
    return {"id": key, "type": kind, "inputs": inputs, **more}


def _socket(name: str, kind: str, link: int | None) -> Drawing:
    return {"name": name, "type": kind, "link": link}


@pytest.mark.parametrize(
    ("inputs", "kinds", "origin"),
    [
        ([_socket("a", "LATENT", 5), _socket("b", "MODEL", 6)], ["LATENT", "MODEL"], ["2", 0]),
        ([_socket("a", "MODEL", 5), _socket("b", "MODEL", 6)], ["LATENT", "MODEL"], ["2", 0]),
        ([_socket("a", "*", 5)], ["LATENT", "MODEL"], ["1", 0]),
        ([_socket("a", "LATENT", 5)], ["LATENT", "MODEL"], None),
        ([_socket("a", "MODEL", None)], ["LATENT", "MODEL"], None),
    ],
)
def test_a_bypassed_node_passes_on_its_own_type(inputs: list[Drawing], kinds: list[str], origin: object) -> None:
    """First the input at the same place, then any of the same type, then one of any type; never another type."""
    bypassed = _node(4, "Odd", inputs, mode=4, outputs=[{"type": kind} for kind in kinds])
    nodes = [_node(1, "One", []), _node(2, "Two", []), bypassed, _node(9, "End", [_socket("x", "MODEL", 7)])]

    graph = read_workflow({"nodes": nodes, "links": [[5, 1, 0, 4, 0, ""], [6, 2, 0, 4, 1, ""], [7, 4, 1, 9, 0, ""]]})

    assert graph is not None
    assert origin == graph.nodes["9"].inputs.get("x")


def test_a_setting_turned_into_a_socket_follows_its_link() -> None:
    """The link of a converted setting counts before the value that was typed; a muted origin leaves the value."""
    converted = {**_socket("seed", "INT", 5), "widget": {"name": "seed"}}
    values = [1, "fixed", 20, 7, "euler", "normal", 1]
    for mode, seed in ((0, ["2", 0]), (2, 1)):
        primitive = _node(2, "PrimitiveNode", [], mode=mode, widgets_values=[99, "fixed"])
        sampler = _node(3, "KSampler", [converted], widgets_values=values)

        graph = read_workflow({"nodes": [primitive, sampler], "links": [[5, 2, 0, 3, 0, "INT"]]})

        assert graph is not None
        assert seed == graph.nodes["3"].inputs["seed"]


def test_getters_inside_subgraphs_find_setters_outside() -> None:
    """A Set/Get pair works through the border of a subgraph."""
    setter = _node(1, "SetNode", [_socket("MODEL", "MODEL", 5)], widgets_values=["m"])
    inside = [_node(1, "GetNode", [], widgets_values=["m"]), _node(2, "End", [_socket("x", "MODEL", 6)])]
    subgraph = {"id": "s", "nodes": inside, "links": [{"id": 6, "origin_id": 1, "origin_slot": 0}]}
    nodes = [_node(3, "One", []), setter, _node(4, "s", [])]

    graph = read_workflow({"nodes": nodes, "links": [[5, 3, 0, 1, 0, ""]], "definitions": {"subgraphs": [subgraph]}})

    assert graph is not None
    assert ["3", 0] == graph.nodes["4:2"].inputs["x"]


def test_long_ways_end_in_time(in_time: Callable[[float], AbstractContextManager[None]]) -> None:
    """A hundred thousand inputs behind a ring of bypassed nodes, a hundred inputs each, take under three seconds."""
    ring = [_node(key, "Odd", [_socket("a", "M", key)] * 100, mode=4, outputs=[{"type": "M"}] * 2) for key in range(20)]
    ends = [_node(100 + key, "End", [_socket("x", "M", 0)] * 100) for key in range(1000)]
    links = [[key, (key + 1) % 20, 1, key, 0, "M"] for key in range(20)]
    with in_time(3):
        graph = read_workflow({"nodes": [*ring, *ends], "links": links})

    assert graph is not None
