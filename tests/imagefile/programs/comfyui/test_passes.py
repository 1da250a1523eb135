"""Which sampling nodes made the picture."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from counterprompt.imagefile.programs.comfyui.graph import Graph, Node
from counterprompt.imagefile.programs.comfyui.passes import (
    find_pass_behind,
    find_saved_picture,
    find_scale,
    is_sampling,
    pass_size,
)

Maker = Callable[..., Graph]
UPSCALED: dict[str, tuple[str, dict[str, Any]]] = {
    "upscale": ("LatentUpscale", {"samples": ["sampler", 0], "width": 1024, "height": 1536}),
    "second": ("KSampler", {"latent_image": ["upscale", 0], "positive": ["good", 0], "sampler_name": "euler"}),
    "decode2": ("VAEDecode", {"samples": ["second", 0], "vae": ["model", 2]}),
    "save2": ("SaveImage", {"images": ["decode2", 0]}),
}
DETAILED = ("FaceDetailer", {"image": ["decode", 0], "positive": ["good", 0], "sampler_name": "euler"})


def _ids(graph: Graph, width: int = 0, height: int = 0) -> list[str]:
    return [sampling.node.id for sampling in find_saved_picture(graph, width, height).passes]


@pytest.mark.parametrize(("size", "passes"), [((512, 768), ["sampler"]), ((1024, 1536), ["sampler", "second"])])
def test_of_two_saved_pictures_the_size_decides(graph: Maker, size: tuple[int, int], passes: list[str]) -> None:
    """Each of two outputs is recognised by the picture's own pixels."""
    assert passes == _ids(graph(UPSCALED), *size)


def test_without_a_fitting_size_the_longest_way_counts(graph: Maker) -> None:
    """The finished picture is the one that most passes led to."""
    assert ["sampler", "second"] == _ids(graph(UPSCALED), 1, 1)


def test_previews_count_only_where_nothing_is_saved(graph: Maker) -> None:
    """A node that shows another branch does not lead away from the saved picture."""
    preview = {**UPSCALED, "save2": ("PreviewImage", {"images": ["decode2", 0]})}

    assert ["sampler"] == _ids(graph(preview))
    assert ["sampler", "second"] == _ids(graph({**preview, "save": ("Note", {})}))


def test_a_sampler_that_leads_nowhere_is_left_out(graph: Maker) -> None:
    """The saved picture's own branch counts."""
    stray = ("KSampler", {"latent_image": ["empty", 0], "positive": ["bad", 0], "sampler_name": "euler"})

    assert ["sampler"] == _ids(graph({"astray": stray}))


def test_without_outputs_the_last_sampler_counts(graph: Maker) -> None:
    """A graph without an output still tells its settings."""
    made = graph({**UPSCALED, "save": ("Note", {}), "save2": ("Note", {})})

    assert ["sampler", "second"] == _ids(made)


def test_passes_that_repaint_are_marked(graph: Maker) -> None:
    """A face detailer comes behind the sampler and is told apart."""
    made = graph({"face": DETAILED, "save": ("SaveImage", {"images": ["face", 0]})})
    passes = find_saved_picture(made, 0, 0).passes

    assert [("sampler", False), ("face", True)] == [(one.node.id, one.is_repainting) for one in passes]


def test_composed_latents_are_marked(graph: Maker) -> None:
    """Where several passes are put together, the pass that joins them is the first."""
    made = graph(
        {
            "other": ("KSampler", {"latent_image": ["empty", 0], "positive": ["bad", 0], "sampler_name": "euler"}),
            "both": ("LatentComposite", {"samples_to": ["sampler", 0], "samples_from": ["other", 0]}),
            "join": ("KSampler", {"latent_image": ["both", 0], "positive": ["good", 0], "sampler_name": "euler"}),
            "decode": ("VAEDecode", {"samples": ["join", 0]}),
        }
    )
    (joined,) = find_saved_picture(made, 0, 0).passes

    assert ("join", True) == (joined.node.id, joined.is_composed)
    assert ["sampler"] == [node.id for node in find_pass_behind(made, joined.node)]
    assert (512, 768) == pass_size(made, (joined,))


def test_a_ring_of_samplers_ends(graph: Maker) -> None:
    """Samplers that feed each other are walked once."""
    made = graph(
        {
            "sampler": ("KSampler", {"latent_image": ["second", 0]}),
            "second": ("KSampler", {"latent_image": ["sampler", 0], "positive": ["good", 0], "sampler_name": "euler"}),
        }
    )

    assert {"sampler", "second"} == set(_ids(made))


@pytest.mark.parametrize(
    ("kind", "inputs", "expected"),
    [
        ("KSampler", {"positive": 1, "latent_image": 1, "sampler_name": "euler"}, True),
        ("SamplerCustomAdvanced", {"guider": 1, "latent_image": 1}, True),
        ("easy fullkSampler", {"pipe": 1}, True),
        ("KSamplerSelect", {"sampler_name": "euler"}, False),
        ("ModelSamplingFlux", {"model": 1}, False),
        ("CLIPTextEncode", {"text": "x"}, False),
    ],
)
def test_sampling_nodes_are_recognised(kind: str, inputs: dict[str, object], expected: bool) -> None:
    """By their class and by what they are given."""
    assert expected == is_sampling(Node("1", kind, inputs))


@pytest.mark.parametrize(
    ("kind", "inputs", "scale"),
    [
        ("LatentUpscaleBy", {"scale_by": 1.5}, 1.5),
        ("UltimateSDUpscale", {"upscale_by": 2}, 2.0),
        ("ImageScaleBy", {"scale_by": -1}, None),
        ("KSampler", {"scale": 2}, None),
    ],
)
def test_factors_are_found(graph: Maker, kind: str, inputs: dict[str, object], scale: float | None) -> None:
    """Only nodes that scale have a factor."""
    made = graph({"node": (kind, inputs)})

    assert scale == find_scale(made, made.nodes["node"])
