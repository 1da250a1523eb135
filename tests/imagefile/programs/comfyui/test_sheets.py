"""Subgraphs in the editor's drawing (ComfyUI_frontend 1.24 to 1.44), against the graph that the editor runs."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest

from counterprompt.imagefile.programs.comfyui.graph import MOST_NODES, Graph
from counterprompt.imagefile.programs.comfyui.read import read_comfyui
from counterprompt.imagefile.programs.comfyui.sheets import read_definition
from counterprompt.imagefile.programs.comfyui.workflow import read_workflow
from counterprompt.imagefile.texts import EmbeddedTexts

SAMPLING, OUTER = "5526b801-03ef-4797-9052-cbc171512972", "16aadaf6-aa66-4041-843e-589a6572a3ac"
Drawing = dict[str, Any]


def _node(key: int, kind: str, values: list[Any], outputs: str, **inputs: Any) -> Drawing:
    """A node: input to (type, link), a name in capitals being a setting turned into a socket."""
    entries = [
        {
            "name": name.lower(),
            "type": type_,
            "link": link,
            **({"widget": {"name": name.lower()}} if name != name.lower() else {}),
        }
        for name, (type_, link) in inputs.items()
    ]
    shown = [{"name": name, "type": name} for name in outputs.split()]
    return {"id": key, "type": kind, "mode": 0, "inputs": entries, "outputs": shown, "widgets_values": values}


LOADER = _node(4, "CheckpointLoaderSimple", ["sd15.safetensors"], "MODEL CLIP VAE")
GOOD = _node(6, "CLIPTextEncode", ["a glass bottle"], "CONDITIONING", clip=("CLIP", 3))
BAD = _node(7, "CLIPTextEncode", ["watermark"], "CONDITIONING", clip=("CLIP", 5))
LATENT = _node(5, "EmptyLatentImage", [512, 768, 1], "LATENT")
DECODE = _node(8, "VAEDecode", [], "IMAGE", samples=("LATENT", 14), vae=("VAE", 8))
SAVE = _node(9, "SaveImage", ["x"], "", images=("IMAGE", 9))
SOCKETS = {
    "model": ("MODEL", 10),
    "positive": ("CONDITIONING", 11),
    "negative": ("CONDITIONING", 12),
    "latent_image": ("LATENT", 13),
}
LINKS = [
    *([3, 4, 1, 6, 0, "CLIP"], [5, 4, 1, 7, 0, "CLIP"], [8, 4, 2, 8, 1, "VAE"], [9, 8, 0, 9, 0, "IMAGE"]),
    *([10, 4, 0, 10, 0, "MODEL"], [11, 6, 0, 10, 1, "CONDITIONING"], [12, 7, 0, 10, 2, "CONDITIONING"]),
    *([13, 5, 0, 10, 3, "LATENT"], [14, 10, 0, 8, 0, "LATENT"]),
]
INNER_SOCKETS = {name: (kind, 1 + at) for at, (name, (kind, _)) in enumerate(SOCKETS.items())}
VALUES = [1, "fixed", 20, 8, "euler", "normal", 1]
INNER = _node(3, "KSampler", VALUES, "LATENT", **INNER_SOCKETS, SEED=("INT", 15))


def _subgraph(
    identifier: str, names: list[str], nodes: list[Drawing], links: list[tuple[int, int, int, int, int]]
) -> Drawing:
    keys = ("id", "origin_id", "origin_slot", "target_id", "target_slot")
    entering = [[link[0] for link in links if link[1:3] == (-10, at)] for at in range(len(names))]
    return {
        "id": identifier,
        "inputs": [{"name": name, "linkIds": keys_in} for name, keys_in in zip(names, entering)],
        "outputs": [{"name": "LATENT", "linkIds": [link[0] for link in links if link[3] == -20]}],
        "nodes": nodes,
        "links": [dict(zip(keys, link)) for link in links],
    }


SAMPLING_GRAPH = _subgraph(
    SAMPLING,
    [*SOCKETS, "seed"],
    [INNER],
    [(1, -10, 0, 3, 0), (2, -10, 1, 3, 1), (3, -10, 2, 3, 2), (4, -10, 3, 3, 3), (15, -10, 4, 3, 4), (7, 3, 0, -20, 0)],
)


def _instance(values: list[Any], kind: str = SAMPLING, key: int = 10, **more: Any) -> Drawing:
    return {**_node(key, kind, values, "LATENT", **SOCKETS), **more}


def _workflow(instance: Drawing, *subgraphs: Drawing) -> Drawing:
    nodes = [GOOD, BAD, LATENT, DECODE, SAVE, LOADER, instance]
    return {"nodes": nodes, "links": LINKS, "definitions": {"subgraphs": [*subgraphs, SAMPLING_GRAPH]}, "version": 0.4}


def _graph(workflow: Drawing) -> Graph:
    graph = read_workflow(workflow)
    assert graph is not None
    return graph


def test_an_instance_becomes_what_is_inside_it() -> None:
    """Ids and links are those of the graph that is run: "10:3", links through the border on both sides."""
    graph = _graph(_workflow(_instance([77])))

    sampler = graph.nodes["10:3"].inputs
    assert "10" not in graph.nodes
    assert (["4", 0], ["6", 0], ["7", 0], ["5", 0]) == tuple(sampler[name] for name in SOCKETS)
    assert ["10:3", 0] == graph.nodes["8"].inputs["samples"]


def test_drawing_and_run_graph_read_alike() -> None:
    """The same picture told by "workflow" and by "prompt", the latter with the flattened ids, reads the same."""
    workflow = _workflow(_instance([77]))
    prompt = {
        key: {"class_type": node.kind, "inputs": dict(node.inputs)} for key, node in _graph(workflow).nodes.items()
    }

    drawn, run = (
        read_comfyui(EmbeddedTexts({key: json.dumps(value)}, 512, 768))
        for key, value in (("workflow", workflow), ("prompt", prompt))
    )

    assert drawn is not None
    assert run is not None
    assert ("a glass bottle", "watermark", 77, 20, "sd15") == (
        run.params.prompt,
        run.params.negative_prompt,
        run.params.seed,
        run.params.steps,
        run.params.model_name,
    )
    assert run.params == drawn.params


@pytest.mark.parametrize(
    ("seed", "instance"),
    [
        (77, _instance([77])),
        (77, _instance([77, "randomize"])),
        (77, _instance([], widgets_values_named={"seed": 77})),
        (77, _instance([77, "x"], properties={"proxyWidgets": [["-1", "seed"], ["3", "sampler_name"]]})),
        (77, _instance([77], properties={"proxyWidgets": [["-1", "seed"], ["9", "$$canvas-image-preview"]]})),
        (1, _instance([])),
        (1, _instance([None])),
        (1, _instance([], properties={"proxyWidgets": [["-1", "seed"]]})),
        (1, _instance([], properties={"proxyWidgets": [["3"], 7, [3, "seed"]]})),
    ],
)
def test_settings_typed_at_the_instance_count(seed: int, instance: Drawing) -> None:
    """A promoted seed comes from the instance, in every order that editors wrote; else the inner node's own counts."""
    assert seed == _graph(_workflow(instance)).nodes["10:3"].inputs["seed"]


def test_proxies_reach_inner_nodes() -> None:
    """`proxyWidgets` may name a setting that is no input of the subgraph (editors 1.28 to 1.44)."""
    instance = _instance([30, 77], properties={"proxyWidgets": [["3", "steps"], ["-1", "seed"]]})

    inputs = _graph(_workflow(instance)).nodes["10:3"].inputs

    assert (30, 77) == (inputs["steps"], inputs["seed"])


def _nested(outer: Drawing, inner_values: list[Any]) -> Drawing:
    """The sampler two subgraphs deep: 10 holds 2 holds 3."""
    inside = {**_node(2, SAMPLING, inner_values, "LATENT", **SOCKETS, SEED=("INT", 15)), "id": 2}
    links = [(10 + at, -10, at, 2, at) for at in range(4)] + [(15, -10, 4, 2, 4), (7, 2, 0, -20, 0)]
    return _workflow(outer, _subgraph(OUTER, [*SOCKETS, "seed"], [inside], links))


@pytest.mark.parametrize(
    ("seed", "outer"),
    [
        (77, _instance([77], OUTER)),
        (5, _instance([], OUTER)),
        (66, _instance([66], OUTER, properties={"proxyWidgets": [["2", "seed"]]})),
    ],
)
def test_subgraphs_inside_subgraphs(seed: int, outer: Drawing) -> None:
    """Links and promoted settings cross every border; the outermost typed value wins."""
    if outer.get("properties"):
        workflow = _nested(outer, [5])
        workflow["definitions"]["subgraphs"][0]["nodes"][0]["inputs"][4]["link"] = None
    else:
        workflow = _nested(outer, [5])
    graph = _graph(workflow)

    sampler = graph.nodes["10:2:3"].inputs
    assert (["4", 0], seed) == (sampler["model"], sampler["seed"])
    assert ["10:2:3", 0] == graph.nodes["8"].inputs["samples"]


@pytest.mark.parametrize(("mode", "origin"), [(2, None), (4, ["5", 0])], ids=["muted", "bypassed"])
def test_muted_and_bypassed_instances_are_not_entered(mode: int, origin: object) -> None:
    """A muted subgraph gives nothing; a bypassed one gives what comes in by the input of the same type."""
    graph = _graph(_workflow(_instance([77], mode=mode)))

    assert not [key for key in graph.nodes if key.startswith("10")]
    assert origin == graph.nodes["8"].inputs.get("samples")


def test_muted_nodes_inside_are_left_out() -> None:
    """The mode of an inner node counts as outside."""
    muted = {**SAMPLING_GRAPH, "nodes": [{**INNER, "mode": 2}]}
    workflow = {**_workflow(_instance([77])), "definitions": {"subgraphs": [muted]}}

    assert {"4", "5", "6", "7", "8", "9"} == set(_graph(workflow).nodes)


def test_a_missing_definition_leaves_the_instance() -> None:
    """An instance of a subgraph that is not in the file stays a node of unknown class."""
    workflow = {**_workflow(_instance([77])), "definitions": {}}

    assert SAMPLING == _graph(workflow).nodes["10"].kind


def test_subgraphs_that_hold_themselves_end() -> None:
    """A subgraph inside itself is not entered again, directly or around a corner."""
    here = {"id": OUTER, "nodes": [_node(1, OUTER, [], ""), _node(2, SAMPLING, [], "")]}
    there = {"id": SAMPLING, "nodes": [_node(3, OUTER, [], "")]}
    workflow = {"nodes": [_node(1, OUTER, [], "")], "definitions": {"subgraphs": [here, there]}}

    assert {"1:1": OUTER, "1:2:3": OUTER} == {key: node.kind for key, node in _graph(workflow).nodes.items()}


def test_growth_is_bounded(in_time: Callable[[float], AbstractContextManager[None]]) -> None:
    """Sixteen layers of a hundred instances each, a bomb of 10^32 nodes, end soon with a graph of bounded size."""
    layers = [{"id": f"l{n}", "nodes": [_node(k, f"l{n + 1}", [], "") for k in range(100)]} for n in range(16)]
    workflow = {"nodes": [_node(1, "l0", [], "")], "definitions": {"subgraphs": layers}}
    with in_time(3):
        graph = _graph(workflow)

    assert len(graph.nodes) <= MOST_NODES + 100


def test_rings_through_borders_end() -> None:
    """An output that is fed by the subgraph's own input, fed by that output, gives no link."""
    loop = _subgraph(SAMPLING, ["latent_image"], [], [(1, -10, 0, -20, 0)])
    instance = _node(10, SAMPLING, [], "LATENT", latent_image=("LATENT", 14))
    workflow = {"nodes": [DECODE, instance], "links": LINKS, "definitions": {"subgraphs": [loop]}}

    assert "samples" not in _graph(workflow).nodes["8"].inputs


def test_an_output_says_itself_which_link_is_its() -> None:
    """Old links to the same output stay in edited workflows; the output's own list counts."""
    links = [
        {"id": 6, "origin_id": 1, "target_id": -20, "target_slot": 0},
        {"id": 9, "origin_id": 2, "target_id": -20, "target_slot": 0},
    ]

    definition = read_definition({"nodes": [], "links": links, "outputs": [{"linkIds": [9]}]}, 10)

    assert {0: 9} == definition.exits
