"""Settings of sampling passes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from counterprompt.imagefile.programs.comfyui.graph import Graph
from counterprompt.imagefile.programs.comfyui.settings import continues, read_denoise, read_sampling

Maker = Callable[..., Graph]
CUSTOM: dict[str, tuple[str, dict[str, Any]]] = {
    "noise": ("RandomNoise", {"noise_seed": 5}),
    "choice": ("KSamplerSelect", {"sampler_name": "euler"}),
    "sigmas": ("BasicScheduler", {"scheduler": "simple", "steps": 8, "denoise": 0.6, "model": ["model", 0]}),
    "flux": ("FluxGuidance", {"conditioning": ["good", 0], "guidance": 3.5}),
    "guider": ("BasicGuider", {"model": ["model", 0], "conditioning": ["flux", 0]}),
    "cfg": ("CFGGuider", {"positive": ["good", 0], "negative": ["bad", 0], "cfg": 4.5}),
}
PARTS = {"noise": ["noise", 0], "sampler": ["choice", 0], "sigmas": ["sigmas", 0]}


@pytest.mark.parametrize(
    ("kind", "inputs", "expected"),
    [
        (
            "KSamplerAdvanced",
            {"noise_seed": 7, "steps": 25, "cfg": 8, "sampler_name": "euler_ancestral", "scheduler": "normal"},
            (25, "Euler a", "Normal", 8, None, 7),
        ),
        ("SamplerCustomAdvanced", {**PARTS, "guider": ["guider", 0]}, (8, "Euler", "Simple", 1, 3.5, 5)),
        ("SamplerCustomAdvanced", {**PARTS, "guider": ["cfg", 0]}, (8, "Euler", "Simple", 4.5, None, 5)),
        (
            "SamplerCustom",
            {"noise_seed": 6, "cfg": 2, "sampler": ["own", 0], "sigmas": ["karras", 0]},
            (9, "DPM++ 2M SDE", "Karras", 2, None, 6),
        ),
        ("Mystery", {}, (None, "", "", None, None, None)),
    ],
)
def test_every_kind_of_sampler_says_its_settings(
    graph: Maker, kind: str, inputs: dict[str, Any], expected: tuple[object, ...]
) -> None:
    """Plain, advanced and custom samplers, with guiders, and with sampler and schedule as nodes of their own."""
    more = {"own": ("SamplerDPMPP_2M_SDE", {"eta": 1.0}), "karras": ("KarrasScheduler", {"steps": 9})}
    made = graph({**CUSTOM, **more, "sampler": (kind, inputs)} | ({"sampler": (kind, inputs)}))
    labels = ("Steps", "Sampler", "Schedule type", "CFG scale", "Distilled CFG Scale", "Seed")
    told = read_sampling(made, made.nodes["sampler"])

    assert expected == tuple(told[label] for label in labels)


@pytest.mark.parametrize(
    ("inputs", "denoise"),
    [
        ({"denoise": 0.6}, 0.6),
        ({"denoise": 1.0}, None),
        ({"start_at_step": 5, "steps": 20}, 0.75),
        ({"start_at_step": 0, "steps": 20}, None),
        ({"sigmas": ["sigmas", 0]}, 0.6),
    ],
)
def test_the_denoising_strength_is_found(graph: Maker, inputs: dict[str, Any], denoise: float | None) -> None:
    """As a number, as a late start, or in the node that makes the schedule."""
    made = graph({**CUSTOM, "node": ("X", inputs)})

    assert denoise == read_denoise(made, made.nodes["node"])


@pytest.mark.parametrize(
    ("add_noise", "expected"), [("disable", True), (False, True), ("enable", False), (None, False)]
)
def test_passes_without_noise_of_their_own_go_on(graph: Maker, add_noise: object, expected: bool) -> None:
    """The switch is a word in one node and a boolean in another."""
    made = graph({"node": ("X", {"add_noise": add_noise})})

    assert expected == continues(made, made.nodes["node"])
