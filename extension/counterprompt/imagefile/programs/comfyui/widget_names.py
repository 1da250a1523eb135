"""The settings typed into a node of the editor's drawing, with the names that only the node's class knows.

A node keeps them as a bare list, `widgets_values`; some classes write an object. The editor's newest versions add
`widgets_values_named`, others name them among the node's `inputs` (Comfy-Org/ComfyUI_frontend,
docs/WIDGET_SERIALIZATION.md). For the classes met most one table has the names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from counterprompt.imagefile.programs.json_object import pick_list, pick_object, pick_text

if TYPE_CHECKING:
    from collections.abc import Mapping

CONTROL = "control_after_generate"
"""What the editor shows behind a seed: what becomes of it after each run."""
MOST_SLOTS = 100
"""Of one node's inputs or outputs; real nodes have some dozens."""
_SEEDS = ("seed", "noise_seed")
_SIZE = ("width", "height", "batch_size")
_WIDGETS: dict[str, tuple[str, ...]] = {
    "KSampler": ("seed", CONTROL, "steps", "cfg", "sampler_name", "scheduler", "denoise"),
    "KSamplerAdvanced": (
        "add_noise",
        "noise_seed",
        CONTROL,
        "steps",
        "cfg",
        "sampler_name",
        "scheduler",
        "start_at_step",
        "end_at_step",
        "return_with_leftover_noise",
    ),
    "SamplerCustom": ("add_noise", "noise_seed", CONTROL, "cfg"),
    "RandomNoise": ("noise_seed", CONTROL),
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
    "PrimitiveNode": ("value", CONTROL),
    "PrimitiveInt": ("value", CONTROL),
    "PrimitiveFloat": ("value",),
    "PrimitiveBoolean": ("value",),
    "PrimitiveString": ("value",),
    "PrimitiveStringMultiline": ("value",),
}
"""Class to the names of its settings, in the order of `widgets_values`."""


def read_widgets(drawing: Mapping[str, Any]) -> dict[str, object]:
    """Name to value of each setting of a node; without names only the objects in its list, as "lora_N"."""
    values = drawing.get("widgets_values")
    if isinstance(values, dict):
        return dict(values)
    typed = _name_list(drawing, values) if isinstance(values, list) else {}
    return {**typed, **pick_object(drawing, "widgets_values_named")}


def name_widgets(drawing: Mapping[str, Any]) -> tuple[str, ...]:
    """Names of the values in a node's `widgets_values`, as many as there are values; empty where they are unknown."""
    count = len(pick_list(drawing, "widgets_values"))
    known = _WIDGETS.get(pick_text(drawing, "type"))
    return known[:count] if known else _name_by_inputs(drawing, count)


def _name_list(drawing: Mapping[str, Any], values: list[object]) -> dict[str, object]:
    named = dict(zip(name_widgets(drawing), values))
    return named or {f"lora_{position}": value for position, value in enumerate(values) if isinstance(value, dict)}


def _name_by_inputs(drawing: Mapping[str, Any], count: int) -> tuple[str, ...]:
    """Names that the editor wrote down itself, if they are as many as the values."""
    entries = pick_list(drawing, "inputs")[:MOST_SLOTS]
    names = [name for entry in entries if (name := pick_text(pick_object(entry, "widget"), "name"))]
    for seed in _SEEDS:
        if seed in names and len(names) < count:
            names.insert(names.index(seed) + 1, CONTROL)
    return tuple(names) if len(names) == count else ()
