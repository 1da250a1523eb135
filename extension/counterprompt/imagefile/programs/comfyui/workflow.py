"""The drawing of a graph as ComfyUI's editor keeps it, turned into the graph that is run.

The "workflow" text is a JSON object with `nodes` and `links`; a node has its settings as a bare list,
`widgets_values`, whose names only the node's class knows (docs.comfy.org, workflow JSON 0.4). The classes met most are
in one table; newer editors name the settings among the node's `inputs`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from counterprompt.imagefile.programs.comfyui.graph import MOST_NODES, Graph, Node
from counterprompt.imagefile.programs.json_object import pick_list, pick_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_CONTROL = "control_after_generate"
_SEEDS = ("seed", "noise_seed")
_MUTED, _BYPASSED = 2, 4
_MOST_HOPS = 100
_SIZE = ("width", "height", "batch_size")
_WIDGETS: dict[str, tuple[str, ...]] = {
    "KSampler": ("seed", _CONTROL, "steps", "cfg", "sampler_name", "scheduler", "denoise"),
    "KSamplerAdvanced": (
        "add_noise",
        "noise_seed",
        _CONTROL,
        "steps",
        "cfg",
        "sampler_name",
        "scheduler",
        "start_at_step",
        "end_at_step",
        "return_with_leftover_noise",
    ),
    "SamplerCustom": ("add_noise", "noise_seed", _CONTROL, "cfg"),
    "RandomNoise": ("noise_seed", _CONTROL),
    "KSamplerSelect": ("sampler_name",),
    "BasicScheduler": ("scheduler", "steps", "denoise"),
    "CFGGuider": ("cfg",),
    "FluxGuidance": ("guidance",),
    "CLIPTextEncode": ("text",),
    "CLIPTextEncodeFlux": ("clip_l", "t5xxl", "guidance"),
    "CLIPTextEncodeSDXL": (
        "width",
        "height",
        "crop_w",
        "crop_h",
        "target_width",
        "target_height",
        "text_g",
        "text_l",
    ),
    "CLIPTextEncodeSDXLRefiner": ("ascore", "width", "height", "text"),
    "CheckpointLoaderSimple": ("ckpt_name",),
    "unCLIPCheckpointLoader": ("ckpt_name",),
    "ImageOnlyCheckpointLoader": ("ckpt_name",),
    "DualCFGGuider": ("cfg_conds", "cfg_cond2_negative"),
    "SDTurboScheduler": ("steps", "denoise"),
    "Flux2Scheduler": ("steps", "width", "height"),
    "TextEncodeQwenImageEdit": ("prompt",),
    "TextEncodeQwenImageEditPlus": ("prompt",),
    "StableZero123_Conditioning": ("width", "height", "batch_size", "elevation", "azimuth"),
    "CheckpointLoader": ("config_name", "ckpt_name"),
    "UNETLoader": ("unet_name", "weight_dtype"),
    "VAELoader": ("vae_name",),
    "LoraLoader": ("lora_name", "strength_model", "strength_clip"),
    "LoraLoaderModelOnly": ("lora_name", "strength_model"),
    "CLIPSetLastLayer": ("stop_at_clip_layer",),
    "EmptyLatentImage": _SIZE,
    "EmptySD3LatentImage": _SIZE,
    "LatentUpscale": ("upscale_method", "width", "height", "crop"),
    "LatentUpscaleBy": ("upscale_method", "scale_by"),
    "ImageScale": ("upscale_method", "width", "height", "crop"),
    "ImageScaleBy": ("upscale_method", "scale_by"),
    "UpscaleModelLoader": ("model_name",),
    "StringConcatenate": ("string_a", "string_b", "delimiter"),
    "PrimitiveNode": ("value", _CONTROL),
}
"""Class to the names of its settings, in the order of `widgets_values`."""


def read_workflow(workflow: Mapping[str, Any] | None) -> Graph | None:
    """Turn the editor's format into the graph that is run; None where *workflow* holds no node.

    Muted nodes are left out; bypassed ones, reroutes and the Set/Get pairs of KJNodes are replaced by what feeds them.
    """
    drawings = {
        str(node.get("id")): node for node in pick_list(workflow, "nodes")[:MOST_NODES] if isinstance(node, dict)
    }
    wires = _Wires(drawings, dict(_read_links(workflow)))
    nodes = {
        key: Node(key, pick_text(drawing, "type"), {**_read_widgets(drawing), **wires.read_inputs(drawing)})
        for key, drawing in drawings.items()
        if drawing.get("mode") not in (_MUTED, _BYPASSED)
    }
    return Graph(nodes) if nodes else None


def _read_links(workflow: Mapping[str, Any] | None) -> Iterator[tuple[object, tuple[str, int]]]:
    """Link id to the node and the slot it comes from: a list in most versions, an object in the newest."""
    for link in pick_list(workflow, "links"):
        if isinstance(link, list) and len(link) > 2:
            yield _key(link[0]), (str(link[1]), _slot(link[2]))
        elif isinstance(link, dict):
            yield _key(link.get("id")), (str(link.get("origin_id")), _slot(link.get("origin_slot")))


def _read_widgets(drawing: Mapping[str, Any]) -> dict[str, object]:
    values = drawing.get("widgets_values")
    if isinstance(values, dict):
        return dict(values)
    if not isinstance(values, list):
        return {}
    names = _WIDGETS.get(pick_text(drawing, "type")) or _name_widgets(drawing, len(values))
    named: dict[str, object] = dict(zip(names, values))
    rows: dict[str, object] = {
        f"lora_{position}": value for position, value in enumerate(values) if isinstance(value, dict)
    }
    return named or rows


def _name_widgets(drawing: Mapping[str, Any], count: int) -> list[str]:
    """Names that the editor wrote down itself, if they are as many as the values."""
    names: list[str] = []
    for entry in pick_list(drawing, "inputs"):
        name = pick_text(entry.get("widget"), "name") if isinstance(entry, dict) else ""
        names += [name] if name else []
    for seed in _SEEDS:
        if seed in names and len(names) < count:
            names.insert(names.index(seed) + 1, _CONTROL)
    return names if len(names) == count else []


class _Wires:
    """Follows links past the nodes that only pass something on."""

    def __init__(self, drawings: Mapping[str, dict[str, Any]], links: Mapping[object, tuple[str, int]]) -> None:
        self._drawings = drawings
        self._links = links
        named = ((_first_widget(node), node) for node in drawings.values() if node.get("type") == "SetNode")
        self._setters = {name: node for name, node in named if name}

    def read_inputs(self, drawing: Mapping[str, Any]) -> dict[str, object]:
        """Name to `[id, slot]` of each linked input."""
        entries = [entry for entry in pick_list(drawing, "inputs") if isinstance(entry, dict)]
        origins = ((pick_text(entry, "name"), self._find_origin(entry.get("link"))) for entry in entries)
        return {name: [*origin] for name, origin in origins if name and origin is not None}

    def _find_origin(self, link: object) -> tuple[str, int] | None:
        for _ in range(_MOST_HOPS):
            origin = self._links.get(_key(link))
            drawing = self._drawings.get(origin[0]) if origin else None
            if origin is None or drawing is None or drawing.get("mode") == _MUTED:
                return None
            if not self._is_transparent(drawing):
                return origin
            link = self._find_feed(drawing, origin[1])
        return None

    def _is_transparent(self, drawing: Mapping[str, Any]) -> bool:
        kind = pick_text(drawing, "type")
        return drawing.get("mode") == _BYPASSED or kind.startswith("Reroute") or kind in ("GetNode", "SetNode")

    def _find_feed(self, drawing: Mapping[str, Any], slot: int) -> object:
        """Link of the input that comes out at *slot*: the one of the same type, else the first."""
        if drawing.get("type") == "GetNode":
            drawing = self._setters.get(_first_widget(drawing), {})
        outputs = pick_list(drawing, "outputs")
        kind = pick_text(outputs[slot], "type") if 0 <= slot < len(outputs) else ""
        linked = [entry for entry in pick_list(drawing, "inputs") if isinstance(entry, dict) and entry.get("link")]
        linked.sort(key=lambda entry: pick_text(entry, "type") != kind)
        return linked[0]["link"] if linked else None


def _first_widget(drawing: Mapping[str, Any]) -> str:
    values = pick_list(drawing, "widgets_values")
    return values[0] if values and isinstance(values[0], str) else ""


def _key(link: object) -> object:
    return link if isinstance(link, (int, str)) else None


def _slot(value: object) -> int:
    return value if isinstance(value, int) else 0
