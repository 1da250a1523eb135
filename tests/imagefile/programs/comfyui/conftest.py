"""Graphs in ComfyUI's API format (docs.comfy.org), one node a line."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from counterprompt.imagefile.programs.comfyui.graph import Graph, read_graph
from counterprompt.imagefile.programs.comfyui.read import read_comfyui
from counterprompt.imagefile.texts import EmbeddedTexts

if TYPE_CHECKING:
    from counterprompt.imagefile.programs.reading import ProgramReading

BASE: dict[str, tuple[str, dict[str, Any]]] = {
    "model": ("CheckpointLoaderSimple", {"ckpt_name": "sd15\\dream.safetensors"}),
    "good": ("CLIPTextEncode", {"text": "a cat", "clip": ["model", 1]}),
    "bad": ("CLIPTextEncode", {"text": "blurry", "clip": ["model", 1]}),
    "empty": ("EmptyLatentImage", {"width": 512, "height": 768, "batch_size": 1}),
    "sampler": (
        "KSampler",
        {
            "seed": 42,
            "steps": 20,
            "cfg": 7.5,
            "sampler_name": "dpmpp_2m",
            "scheduler": "karras",
            "denoise": 1.0,
            "model": ["model", 0],
            "positive": ["good", 0],
            "negative": ["bad", 0],
            "latent_image": ["empty", 0],
        },
    ),
    "decode": ("VAEDecode", {"samples": ["sampler", 0], "vae": ["model", 2]}),
    "save": ("SaveImage", {"filename_prefix": "x", "images": ["decode", 0]}),
}
"""Text to image as ComfyUI starts with it; ids in words, so that a test can say what it changes."""

Changes = dict[str, tuple[str, dict[str, Any]]]


def _api(changes: Changes) -> dict[str, Any]:
    """The base with nodes added, and with inputs of its nodes replaced."""
    merged = {**BASE}
    for key, (kind, inputs) in changes.items():
        is_same = key in BASE and BASE[key][0] == kind
        merged[key] = (kind, {**BASE[key][1], **inputs} if is_same else inputs)
    return {key: {"class_type": kind, "inputs": inputs} for key, (kind, inputs) in merged.items()}


@pytest.fixture
def graph() -> Callable[..., Graph]:
    """Make the base graph with changes."""

    def make_graph(changes: Changes | None = None) -> Graph:
        made = read_graph(_api(changes or {}))
        assert made is not None
        return made

    return make_graph


@pytest.fixture
def read() -> Callable[..., ProgramReading]:
    """Read the base graph with changes."""

    def read_changed(changes: Changes | None = None, width: int = 512, height: int = 768) -> ProgramReading:
        reading = read_comfyui(EmbeddedTexts({"prompt": json.dumps(_api(changes or {}))}, width, height))
        assert reading is not None
        return reading

    return read_changed
