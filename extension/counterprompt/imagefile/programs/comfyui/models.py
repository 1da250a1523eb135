"""Which weights a sampling node of a graph used: checkpoint, LoRAs, text encoder layers, VAE."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from counterprompt.imagefile.programs.comfyui.values import find_value, unwrap
from counterprompt.imagefile.programs.wording import file_stem, lora_tag

if TYPE_CHECKING:
    from collections.abc import Iterator

    from counterprompt.imagefile.programs.comfyui.graph import Graph, Node

_MODEL_LINKS = frozenset(
    {"model", "model1", "model2", "base_model", "unet", "guider", "lora_stack", "optional_lora_stack", "loras", "any"}
    | {"pipe", "basic_pipe", "detailer_pipe", "sdxl_tuple", "optional_pipe", "context", "base_ctx", "ctx_01"}
)
_CHECKPOINT_NAMES = ("ckpt_name", "base_ckpt_name", "unet_name", "gguf_name", "checkpoint", "ckpt", "model_name")
_LORA_NAME = re.compile(r"lora_(?:name_)?0?(\d{1,2})(?:_name)?")
_WEIGHTS = (
    "strength_{0}",
    "strength_0{0}",
    "lora_wt_{0}",
    "lora_weight_{0}",
    "lora_{0}_strength",
    "strength_model_{0}",
    "model_str_{0}",
    "model_weight_{0}",
    "lora_{0}_model_strength",
)
_TEXT_WEIGHTS = ("strength_clip_{0}", "clip_str_{0}", "clip_weight_{0}", "lora_{0}_clip_strength")
_OFF = (False, "Off", "off")
_LORA_WEIGHTS = ("strength_model", "lora_model_strength", "model_strength", "strength", "lora_strength", "weight")
_LORA_TEXT_WEIGHTS = ("strength_clip", "lora_clip_strength", "clip_strength")


def find_checkpoint(graph: Graph, node: Node) -> str:
    """File name of the checkpoint that reaches *node*, without folders and ending; "" where none is named."""
    for here in _model_chain(graph, node):
        for name in _CHECKPOINT_NAMES:
            value = find_value(graph, here, name)
            if isinstance(value, str) and value not in ("", "None"):
                return file_stem(value)
    return ""


def find_loras(graph: Graph, node: Node) -> list[str]:
    """LoRA tags of all LoRAs that reach *node*, the one next to the checkpoint first."""
    chain = list(_model_chain(graph, node))[::-1]
    return [tag for here in chain for tag in _read_loras(graph, here)]


def is_merged(graph: Graph, node: Node) -> bool:
    """Whether the weights that reach *node* are a mixture of several checkpoints."""
    return any("Merge" in here.kind for here in _model_chain(graph, node))


def find_clip_skip(graph: Graph, node: Node) -> int | None:
    """How many layers from the end the text encoder stopped; None where the graph leaves it at the last one."""
    links = ("positive", "conditioning", "clip", "guider", "pipe", "basic_pipe", "sdxl_tuple")
    for here in graph.upstream(node, lambda name: name.startswith(links)):
        value = find_value(graph, here, "stop_at_clip_layer", "clip_skip")
        if isinstance(value, int) and abs(value) > 1:
            return abs(value)
    return None


def find_vae(graph: Graph, saver: Node) -> str:
    """File name of the VAE that decoded the picture; "" where it is the checkpoint's own."""
    for here in graph.upstream(saver, lambda name: True):
        value = find_value(graph, here, "vae_name")
        if isinstance(value, str):
            return "" if value in ("Baked VAE", "None") else file_stem(value)
    return ""


def _model_chain(graph: Graph, node: Node) -> Iterator[Node]:
    return graph.upstream(node, lambda name: name.lower() in _MODEL_LINKS)


def _read_loras(graph: Graph, node: Node) -> list[str]:
    rows = [*_read_single(graph, node), *_read_numbered(graph, node), *_read_objects(node)]
    named = ((name, unet, text_encoder) for name, unet, text_encoder in rows if isinstance(name, str))
    return [lora_tag(name, unet, text) for name, unet, text in named if name not in ("", "None") and unet != 0]


def _read_single(graph: Graph, node: Node) -> Iterator[tuple[object, object, object]]:
    """The plain loaders: one name, one weight or two."""
    if node.has("lora_name"):
        weights = find_value(graph, node, *_LORA_WEIGHTS), find_value(graph, node, *_LORA_TEXT_WEIGHTS)
        yield find_value(graph, node, "lora_name"), *weights


def _read_numbered(graph: Graph, node: Node) -> Iterator[tuple[object, object, object]]:
    """The stacks of rgthree, Efficiency, Comfyroll and Easy Use: numbered names and weights, switches, a count."""
    count = next((value for name in ("lora_count", "num_loras") if isinstance(value := node.inputs.get(name), int)), 99)
    is_simple = node.inputs.get("input_mode", node.inputs.get("mode")) == "simple"
    for name in node.inputs:
        found = _LORA_NAME.fullmatch(name)
        number = found.group(1) if found else ""
        if not number or int(number) > count or node.inputs.get(f"switch_{number}") in _OFF:
            continue
        if isinstance(node.inputs[name], dict) or node.inputs.get("toggle") in _OFF:
            continue
        unet = find_value(graph, node, *(word.format(number) for word in (_WEIGHTS if is_simple else _WEIGHTS[::-1])))
        text = None if is_simple else find_value(graph, node, *(word.format(number) for word in _TEXT_WEIGHTS))
        yield find_value(graph, node, name), unet, text


def _read_objects(node: Node) -> Iterator[tuple[object, object, object]]:
    """Rgthree's Power Lora Loader, an object a LoRA, and the LoRA Manager's list of such objects."""
    for value in node.inputs.values():
        inner = unwrap(value)
        for row in inner if isinstance(inner, list) else [value]:
            if not isinstance(row, dict) or row.get("on", row.get("active", True)) is False:
                continue
            name = row.get("lora", row.get("name") if "strength" in row else None)
            yield name, row.get("strength"), row.get("strengthTwo", row.get("clipStrength"))
