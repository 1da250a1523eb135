"""Checkpoints, LoRAs, layers, VAE."""

from collections.abc import Callable
from typing import Any

import pytest

from counterprompt.imagefile.programs.comfyui.graph import Graph
from counterprompt.imagefile.programs.comfyui.models import (
    find_checkpoint,
    find_clip_skip,
    find_loras,
    find_vae,
    is_merged,
)

Maker = Callable[..., Graph]
LINK = {"model": ["model", 0]}


@pytest.mark.parametrize(
    ("loader", "tags"),
    [
        (
            ("LoraLoader", {**LINK, "lora_name": "x\\a.safetensors", "strength_model": 0.8, "strength_clip": 1.0}),
            ["a:1:0.8"],
        ),
        (("LoraLoaderModelOnly", {**LINK, "lora_name": "a.safetensors", "strength_model": 0.8}), ["a:0.8"]),
        (
            ("LoraLoader|pysssss", {**LINK, "lora_name": {"content": "a.pt"}, "strength_model": 1, "strength_clip": 1}),
            ["a:1"],
        ),
        (("LoraLoader", {**LINK, "lora_name": "a", "strength_model": 0, "strength_clip": 0}), []),
        (
            (
                "Power Lora Loader (rgthree)",
                {
                    **LINK,
                    "PowerLoraLoaderHeaderWidget": {"type": "PowerLoraLoaderHeaderWidget"},
                    "lora_1": {"on": True, "lora": "a.safetensors", "strength": 0.7},
                    "lora_2": {"on": False, "lora": "b.safetensors", "strength": 1},
                    "lora_3": {"on": True, "lora": "c.safetensors", "strength": 0.5, "strengthTwo": 0.4},
                    "➕ Add Lora": "",
                },
            ),
            ["a:0.7", "c:0.4:0.5"],
        ),
        (
            (
                "Lora Loader Stack (rgthree)",
                {**LINK, "lora_01": "a.pt", "strength_01": 0.5, "lora_02": "None", "strength_02": 1},
            ),
            ["a:0.5"],
        ),
        (
            ("CR Apply LoRA Stack", {**LINK, "lora_stack": ["stack", 0]}),
            ["b:0.3:0.5"],
        ),
        (
            (
                "Efficient Loader",
                {"ckpt_name": "m", "lora_name": "a.pt", "lora_model_strength": 0.5, "lora_clip_strength": 0.5},
            ),
            ["a:0.5"],
        ),
        (
            (
                "LoRA Stacker",
                {
                    **LINK,
                    "input_mode": "simple",
                    "lora_count": 1,
                    "lora_name_1": "a",
                    "lora_wt_1": 0.4,
                    "model_str_1": 1,
                }
                | {"lora_name_2": "b", "lora_wt_2": 1},
            ),
            ["a:0.4"],
        ),
        (
            (
                "Lora Loader (LoraManager)",
                {**LINK, "loras": {"__value__": [{"name": "a", "strength": "0.6", "active": True}]}},
            ),
            ["a:0.6"],
        ),
    ],
)
def test_loras_of_all_loaders_are_found(graph: Maker, loader: tuple[str, dict[str, Any]], tags: list[str]) -> None:
    """Core, rgthree, Comfyroll, Efficiency, pysssss and the LoRA Manager; what is off or weighs nothing is left out."""
    stack = {"switch_1": "Off", "lora_name_1": "a", "model_weight_1": 1, "clip_weight_1": 1}
    stack |= {"switch_2": "On", "lora_name_2": "b", "model_weight_2": 0.5, "clip_weight_2": 0.3}
    made = graph({"lora": loader, "stack": ("CR LoRA Stack", stack), "sampler": ("KSampler", {"model": ["lora", 0]})})

    assert [f"<lora:{tag}>" for tag in tags] == find_loras(made, made.nodes["sampler"])


def test_loras_stand_in_the_order_of_loading(graph: Maker) -> None:
    """The LoRA next to the checkpoint comes first."""
    first = ("LoraLoaderModelOnly", {**LINK, "lora_name": "a", "strength_model": 1})
    second = ("LoraLoaderModelOnly", {"model": ["a", 0], "lora_name": "b", "strength_model": 1})
    made = graph({"a": first, "b": second, "sampler": ("KSampler", {"model": ["b", 0]})})

    assert ["<lora:a:1>", "<lora:b:1>"] == find_loras(made, made.nodes["sampler"])


@pytest.mark.parametrize(
    ("loader", "name"),
    [
        (("CheckpointLoaderSimple", {"ckpt_name": "a\\b.safetensors"}), "b"),
        (("UNETLoader", {"unet_name": "flux1-dev.safetensors", "weight_dtype": "default"}), "flux1-dev"),
        (("UnetLoaderGGUF", {"unet_name": "flux1-dev-Q4_0.gguf"}), "flux1-dev-Q4_0"),
        (("CheckpointLoader|pysssss", {"ckpt_name": {"content": "b.ckpt", "image": None}}), "b"),
        (("ModelSamplingFlux", {"model": ["far", 0], "max_shift": 1.15}), "b"),
        (("Mystery", {}), ""),
    ],
)
def test_the_checkpoint_is_found(graph: Maker, loader: tuple[str, dict[str, Any]], name: str) -> None:
    """Checkpoints, diffusion models, quantized ones, and loaders behind patches."""
    made = graph({"model": loader, "far": ("CheckpointLoaderSimple", {"ckpt_name": "b.ckpt"})})

    assert name == find_checkpoint(made, made.nodes["sampler"])


@pytest.mark.parametrize(
    ("clip", "layers"),
    [
        (("CLIPSetLastLayer", {"stop_at_clip_layer": -2, "clip": ["model", 1]}), 2),
        (("CLIPSetLastLayer", {"stop_at_clip_layer": -1, "clip": ["model", 1]}), None),
        (("Efficient Loader", {"clip_skip": -2}), 2),
        (("CheckpointLoaderSimple", {}), None),
    ],
)
def test_the_text_encoders_layers_are_counted(
    graph: Maker, clip: tuple[str, dict[str, Any]], layers: int | None
) -> None:
    """-2 is the WebUI's Clip skip 2; the last layer goes unsaid."""
    made = graph({"clip": clip, "good": ("CLIPTextEncode", {"clip": ["clip", 0]})})

    assert layers == find_clip_skip(made, made.nodes["sampler"])


@pytest.mark.parametrize(("name", "vae"), [("sd\\kl-f8.pt", "kl-f8"), ("Baked VAE", "")])
def test_the_vae_that_decoded_is_found(graph: Maker, name: str, vae: str) -> None:
    """A loader's file, or none for the checkpoint's own."""
    made = graph({"vae": ("VAELoader", {"vae_name": name}), "decode": ("VAEDecode", {"vae": ["vae", 0]})})

    assert vae == find_vae(made, made.nodes["save"])


def test_merges_are_noticed(graph: Maker) -> None:
    """A mixture is not the checkpoint whose name it gets."""
    merge = ("ModelMergeSimple", {"model1": ["model", 0], "model2": ["model", 0], "ratio": 0.5})
    made = graph({"merge": merge, "sampler": ("KSampler", {"model": ["merge", 0]})})

    assert is_merged(made, made.nodes["sampler"])
    assert not is_merged(graph(), graph().nodes["sampler"])
