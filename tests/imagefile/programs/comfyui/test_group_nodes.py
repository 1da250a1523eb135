"""Group nodes in the editor's drawing (ComfyUI_frontend, groupNode.ts), against the graph that the editor runs."""

from typing import Any

import pytest

from counterprompt.imagefile.programs.comfyui.graph import Graph
from counterprompt.imagefile.programs.comfyui.workflow import read_workflow

Drawing = dict[str, Any]


def _sockets(text: str) -> list[Drawing]:
    """Sockets from "name:TYPE"; with a "!" the name is that of a setting turned into a socket."""
    pairs = [part.split(":") for part in text.split()]
    widgets = [{"widget": {"name": name[1:]}} if name.startswith("!") else {} for name, _ in pairs]
    return [
        {"name": name.lstrip("!"), "type": kind, "link": None, **more} for (name, kind), more in zip(pairs, widgets)
    ]


def _inner(kind: str, inputs: str, outputs: str, values: list[Any]) -> Drawing:
    return {"id": -1, "type": kind, "inputs": _sockets(inputs), "outputs": _sockets(outputs), "widgets_values": values}


KSAMPLER_INPUTS = "model:MODEL positive:CONDITIONING negative:CONDITIONING latent_image:LATENT"
GROUP: Drawing = {
    "nodes": [
        _inner("CheckpointLoaderSimple", "", "MODEL:MODEL CLIP:CLIP VAE:VAE", ["default.safetensors"]),
        _inner("CLIPTextEncode", "clip:CLIP", "CONDITIONING:CONDITIONING", ["default words"]),
        _inner("KSampler", KSAMPLER_INPUTS, "LATENT:LATENT", [1, "fixed", 20, 7, "euler", "normal", 1]),
    ],
    "links": [
        [None, 0, 0, 9, 0, "X"],
        [0, 1, 1, 0, 1, "CLIP"],
        [0, 0, 2, 0, 0, "MODEL"],
        [1, 0, 2, 1, 1, "CONDITIONING"],
    ],
    "external": [[0, 1, "CLIP"]],
}
TYPED = ["flux.safetensors", "a red fox", 42, "randomize", 4, 1.5, "euler", "simple", 1.0]


def _read(group: Drawing, instance: Drawing, links: list[list[Any]], kind: str = "workflow>G") -> Graph:
    ends = [{"name": "samples", "type": "LATENT", "link": 13}, {"name": "vae", "type": "VAE", "link": 14}]
    clip = {"name": "clip", "type": "CLIP", "link": 10}
    nodes = [
        {"id": 28, "type": kind, "mode": 0, **instance},
        {"id": 7, "type": "CLIPTextEncode", "inputs": [clip], "widgets_values": ["blurry"]},
        {"id": 5, "type": "EmptyLatentImage", "inputs": [], "widgets_values": [512, 768, 1]},
        {"id": 8, "type": "VAEDecode", "inputs": ends},
    ]
    graph = read_workflow({"nodes": nodes, "links": links, "extra": {"groupNodes": {"G": group}}})
    assert graph is not None
    return graph


LINKS = [
    [10, 28, 0, 7, 0, "CLIP"],
    [11, 7, 0, 28, 0, ""],
    [12, 5, 0, 28, 1, ""],
    [13, 28, 2, 8, 0, ""],
    [14, 28, 1, 8, 1, ""],
]
INSTANCE: Drawing = {
    "inputs": [
        {"name": "negative", "type": "CONDITIONING", "link": 11},
        {"name": "latent_image", "type": "LATENT", "link": 12},
    ],
    "widgets_values": TYPED,
}


@pytest.mark.parametrize("kind", ["workflow>G", "workflow/G"])
def test_a_group_becomes_what_is_inside_it(kind: str) -> None:
    """Inner nodes have the instance's settings and ids "28:0"; links cross its border in both directions."""
    nodes = _read(GROUP, INSTANCE, LINKS, kind).nodes

    assert {"28:0", "28:1", "28:2", "5", "7", "8"} == set(nodes)
    assert {"ckpt_name": "flux.safetensors"} == nodes["28:0"].inputs
    assert {"text": "a red fox", "clip": ["28:0", 1]} == nodes["28:1"].inputs
    sampler = nodes["28:2"].inputs
    assert (["28:0", 0], ["28:1", 0], ["7", 0], ["5", 0]) == tuple(
        sampler[name] for name in ("model", "positive", "negative", "latent_image")
    )
    assert (42, 4, 1.5, "simple") == tuple(sampler[name] for name in ("seed", "steps", "cfg", "scheduler"))
    assert ["28:0", 1] == nodes["7"].inputs["clip"]
    assert {"samples": ["28:2", 0], "vae": ["28:0", 2]} == nodes["8"].inputs


def test_names_decide_between_sockets_of_one_type() -> None:
    """Two MODEL sockets, of which the second is named after its node, keep their links apart."""
    group = {
        "nodes": [
            _inner("A", "model:MODEL", "", []),
            _inner("B", "model:MODEL", "", []),
            _inner("C", "base:MODEL", "", []),
        ],
        "links": [],
    }
    shown = [("model", 10), ("B model", 13), ("base", 14)]
    instance = {"inputs": [{"name": name, "type": "MODEL", "link": link} for name, link in shown]}
    links = [[10, 7, 0, 28, 0, ""], [13, 5, 0, 28, 1, ""], [14, 8, 0, 28, 2, ""]]

    nodes = _read(group, instance, links).nodes

    assert (["7", 0], ["5", 0], ["8", 0]) == (
        nodes["28:0"].inputs["model"],
        nodes["28:1"].inputs["model"],
        nodes["28:2"].inputs["base"],
    )


def test_settings_turned_into_sockets_come_last_and_take_no_value() -> None:
    """With the seed a socket, seed and what becomes of it are missing from the instance's settings."""
    sampler = _inner(
        "KSampler", f"!seed:INT {KSAMPLER_INPUTS}", "LATENT:LATENT", [1, "fixed", 20, 7, "euler", "normal", 1]
    )
    group = {"nodes": [sampler], "links": []}
    instance = {
        "inputs": [*_sockets("model:MODEL positive:CONDITIONING"), {"name": "seed", "type": "INT", "link": 12}],
        "widgets_values": [30, 6, "heun", "karras", 0.5],
    }

    inputs = _read(group, instance, [[12, 5, 0, 28, 2, "INT"]]).nodes["28:0"].inputs

    assert (["5", 0], 30, 6, "heun", 0.5) == tuple(
        inputs[name] for name in ("seed", "steps", "cfg", "sampler_name", "denoise")
    )


def test_hidden_and_shown_sockets_follow_the_users_choice() -> None:
    """`config` may hide an open output and show a used one; the numbers of the others move accordingly."""
    group = {**GROUP, "config": {"0": {"output": {"2": {"visible": False}, "0": {"visible": True}}}}}
    links = [[10, 28, 1, 7, 0, ""], [13, 28, 2, 8, 0, ""], [14, 28, 0, 8, 1, ""]]

    nodes = _read(group, {"widgets_values": TYPED}, links).nodes

    assert ["28:0", 1] == nodes["7"].inputs["clip"]
    assert {"samples": ["28:2", 0], "vae": ["28:0", 0]} == nodes["8"].inputs


def test_settings_that_do_not_fit_leave_the_groups_own() -> None:
    """A list of another length cannot be shared out."""
    nodes = _read(GROUP, {**INSTANCE, "widgets_values": TYPED[:-2]}, LINKS).nodes

    assert ("default words", 20) == (nodes["28:1"].inputs["text"], nodes["28:2"].inputs["steps"])


@pytest.mark.parametrize(
    "group",
    [
        {
            "nodes": [3, None, {}],
            "links": [[0, 0, 5, 0], [9, 9, 9, 9], ["a", 0, 0, 0], 7, [0]],
            "external": [1, [], [{}, []]],
        },
        {"nodes": [{"type": "workflow>G"}], "links": [[0, 0, 0, 0]], "config": [3]},
        {"nodes": [_inner("Reroute", "a:*", "a:*", [])], "links": [[0, 0, 0, 0]]},
    ],
)
def test_broken_groups_are_no_error(group: Drawing) -> None:
    """Whatever a group holds, rings and itself included, the rest of the workflow is read."""
    assert "8" in _read(group, INSTANCE, LINKS).nodes
