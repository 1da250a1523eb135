"""The editor's drawing (docs.comfy.org, workflow JSON 0.4)."""

from typing import Any

import pytest

from counterprompt.imagefile.programs.comfyui.workflow import read_workflow

SAMPLER = {
    "id": 3,
    "type": "KSampler",
    "mode": 0,
    "inputs": [
        {"name": "model", "type": "MODEL", "link": 1},
        {"name": "positive", "type": "CONDITIONING", "link": None},
    ],
    "widgets_values": [42, "fixed", 20, 7.5, "euler", "normal", 1],
}
LOADER = {"id": 4, "type": "CheckpointLoaderSimple", "mode": 0, "outputs": [], "widgets_values": ["a.ckpt"]}
LORA = {
    "id": 5,
    "type": "LoraLoader",
    "mode": 0,
    "inputs": [{"name": "clip", "type": "CLIP", "link": 9}, {"name": "model", "type": "MODEL", "link": 2}],
    "outputs": [{"name": "MODEL", "type": "MODEL"}, {"name": "CLIP", "type": "CLIP"}],
    "widgets_values": ["b.safetensors", 0.5, 0.6],
}


def _workflow(*nodes: dict[str, Any], links: list[Any]) -> dict[str, Any]:
    return {"nodes": list(nodes), "links": links, "version": 0.4}


def test_settings_get_their_names_back() -> None:
    """The list of a sampler's settings becomes named inputs; the editor's own "fixed" takes its place."""
    graph = read_workflow(_workflow(SAMPLER, LOADER, links=[[1, 4, 0, 3, 0, "MODEL"]]))

    assert graph is not None
    inputs = graph.nodes["3"].inputs
    assert (42, 20, 7.5, "euler", 1) == tuple(
        inputs[name] for name in ("seed", "steps", "cfg", "sampler_name", "denoise")
    )
    assert ["4", 0] == inputs["model"]
    assert "positive" not in inputs


def test_links_may_be_objects() -> None:
    """The newest editors write links as objects."""
    link = {"id": 1, "origin_id": 4, "origin_slot": 0, "target_id": 3, "target_slot": 0, "type": "MODEL"}
    graph = read_workflow(_workflow(SAMPLER, LOADER, links=[link]))

    assert graph is not None
    assert ["4", 0] == graph.nodes["3"].inputs["model"]


@pytest.mark.parametrize(
    ("mode", "origin"), [(0, ["5", 0]), (4, ["4", 0]), (2, None)], ids=["active", "bypassed", "muted"]
)
def test_bypassed_nodes_pass_on_and_muted_ones_cut(mode: int, origin: list[object] | None) -> None:
    """A bypassed LoRA gives what comes in by the input of the same type."""
    links = [[1, 5, 0, 3, 0, "MODEL"], [2, 4, 0, 5, 0, "MODEL"], [9, 4, 1, 5, 1, "CLIP"]]
    graph = read_workflow(_workflow(SAMPLER, LOADER, {**LORA, "mode": mode}, links=links))

    assert graph is not None
    assert origin == graph.nodes["3"].inputs.get("model")
    assert (mode == 0) == ("5" in graph.nodes)


def test_reroutes_and_set_get_pairs_are_seen_through() -> None:
    """The link goes to the node that really makes the value (rgthree's and KJNodes' virtual nodes)."""
    reroute = {
        "id": 6,
        "type": "Reroute",
        "inputs": [{"name": "", "type": "*", "link": 2}],
        "outputs": [{"type": "MODEL"}],
    }
    setter = {
        "id": 7,
        "type": "SetNode",
        "inputs": [{"name": "MODEL", "type": "MODEL", "link": 3}],
        "widgets_values": ["m"],
    }
    getter = {"id": 8, "type": "GetNode", "outputs": [{"type": "MODEL"}], "widgets_values": ["m"]}
    links = [[1, 8, 0, 3, 0, "MODEL"], [3, 6, 0, 7, 0, "MODEL"], [2, 4, 0, 6, 0, "MODEL"]]
    graph = read_workflow(_workflow(SAMPLER, LOADER, reroute, setter, getter, links=links))

    assert graph is not None
    assert ["4", 0] == graph.nodes["3"].inputs["model"]


def test_a_ring_of_reroutes_ends() -> None:
    """A reroute that feeds itself gives no link."""
    ring = {"id": 6, "type": "Reroute", "inputs": [{"name": "", "type": "*", "link": 2}]}
    graph = read_workflow(_workflow(SAMPLER, ring, links=[[1, 6, 0, 3, 0, "MODEL"], [2, 6, 0, 6, 0, "MODEL"]]))

    assert graph is not None
    assert "model" not in graph.nodes["3"].inputs


def test_names_that_the_editor_wrote_are_used() -> None:
    """A class that is in no table has its settings' names among its inputs (editor 1.16 and later)."""
    inputs = [{"name": name, "widget": {"name": name}, "link": None} for name in ("noise_seed", "power")]
    odd = {"id": 3, "type": "OddSampler", "inputs": inputs, "widgets_values": [5, "randomize", 0.5]}
    graph = read_workflow(_workflow(odd, links=[]))

    assert graph is not None
    assert (5, 0.5) == (graph.nodes["3"].inputs["noise_seed"], graph.nodes["3"].inputs["power"])


@pytest.mark.parametrize("workflow", [None, {}, {"nodes": 3}, {"nodes": [3, None]}, {"links": [[]]}])
def test_what_holds_no_node_is_none(workflow: dict[str, object] | None) -> None:
    """Broken drawings give None."""
    assert read_workflow(workflow) is None
