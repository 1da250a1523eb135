"""InvokeAI's pictures, of its three generations (invoke-ai/InvokeAI).

1. "Dream", a command line: `"prompt [negative]" -s 50 -S 42 -W 512 -H 512 -C 7.5 -A k_lms` (1.x, docs/features/CLI.md).
2. "sd-metadata", a JSON object with the settings under `image` (2.x, ldm/invoke/pngwriter.py).
3. "invokeai_metadata", a flat JSON object (3.0 and later, invokeai/app/invocations/metadata.py).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from counterprompt.imagefile.programs.emphasis_notes import note_as_written
from counterprompt.imagefile.programs.invokeai_dream import read_dream, split_negative
from counterprompt.imagefile.programs.json_object import (
    pick_list,
    pick_number,
    pick_object,
    pick_text,
    read_json_object,
)
from counterprompt.imagefile.programs.reading import ProgramReading, compose_reading
from counterprompt.imagefile.programs.wording import (
    file_stem,
    lora_tag,
    sampler_label,
    with_lora_tags,
)
from counterprompt.prompts.compel_emphasis import can_translate_compel, translate_compel
from counterprompt.prompts.emphasis import escape_brackets

if TYPE_CHECKING:
    from counterprompt.imagefile.texts import EmbeddedTexts

_PROGRAM = "InvokeAI"
_KARRAS = "_k"
_COMPEL_BASES = ("", "sd-1", "sd-2", "sdxl", "sdxl-refiner")
"""Bases of models whose prompts compel reads; older pictures name none."""
_OPERATION = "The prompt uses an operation of InvokeAI's, such as .blend(), which the WebUI does not know."


def read_invokeai(embedded: EmbeddedTexts) -> ProgramReading | None:
    """Read InvokeAI's texts, the newest generation first; None where another program made the picture.

    Raises:
        InvalidInputError: a text is too long.
    """
    texts = embedded.texts
    if metadata := read_json_object(texts.get("invokeai_metadata")):
        return _read_third(metadata)
    if metadata := read_json_object(texts.get("sd-metadata")):
        return _read_second(metadata)
    return read_dream(texts.get("Dream", ""))


def _read_third(metadata: dict[str, Any]) -> ProgramReading:
    name, schedule = _split_scheduler(pick_text(metadata, "scheduler"))
    model = pick_object(metadata, "model")
    width, height = pick_number(metadata, "width"), pick_number(metadata, "height")
    skipped = pick_number(metadata, "clip_skip")
    fields = {
        "Steps": pick_number(metadata, "steps"),
        "Sampler": name,
        "Schedule type": schedule,
        "CFG scale": pick_number(metadata, "cfg_scale"),
        "Distilled CFG Scale": pick_number(metadata, "guidance"),
        "Seed": pick_number(metadata, "seed"),
        "Size": f"{width}x{height}" if width and height else None,
        "Model": file_stem(_model_name(model)),
        "VAE": file_stem(_model_name(pick_object(metadata, "vae"))),
        "Clip skip": skipped + 1 if skipped else None,
        "Denoising strength": pick_number(metadata, "strength"),
        **_read_refiner(metadata),
        "App version": pick_text(metadata, "app_version"),
    }
    written = _join_styles(metadata, "positive"), _join_styles(metadata, "negative")
    has_compel = pick_text(model, "base") in _COMPEL_BASES
    prompt, negative_prompt, notes = _put_emphasis(*written, has_compel=has_compel)
    prompt = with_lora_tags(prompt, _read_loras(metadata))
    return compose_reading(_PROGRAM, prompt, negative_prompt, fields, (*notes, *_find_notes(metadata)))


def _put_emphasis(prompt: str, negative_prompt: str, *, has_compel: bool) -> tuple[str, str, tuple[str, ...]]:
    """Both prompts in the WebUI's words, and notes; without compel every bracket is text."""
    written = prompt, negative_prompt
    if not has_compel:
        after = escape_brackets(prompt), escape_brackets(negative_prompt)
    else:
        after = translate_compel(prompt), translate_compel(negative_prompt)
    notes = note_as_written(_PROGRAM, written, after)
    return *after, notes if all(map(can_translate_compel, written)) else (*notes, _OPERATION)


def _join_styles(metadata: dict[str, Any], side: str) -> str:
    """The prompt, and for SDXL what the second text encoder was told where that differs."""
    prompt, style = pick_text(metadata, f"{side}_prompt"), pick_text(metadata, f"{side}_style_prompt")
    return ", ".join(text for text in dict.fromkeys((prompt, style)) if text.strip())


def _read_refiner(metadata: dict[str, Any]) -> dict[str, object]:
    refiner = _model_name(pick_object(metadata, "refiner_model"))
    return (
        {"Refiner": file_stem(refiner), "Refiner switch at": pick_number(metadata, "refiner_start")} if refiner else {}
    )


def _read_loras(metadata: dict[str, Any]) -> list[str]:
    """A LoRA's file stands under `model` since 4.0 and under `lora` before."""
    entries = (
        (pick_object(entry, "model") or pick_object(entry, "lora"), entry) for entry in pick_list(metadata, "loras")
    )
    return [lora_tag(_model_name(model), entry.get("weight")) for model, entry in entries if _model_name(model)]


def _model_name(model: dict[str, Any]) -> str:
    """The name stands under `name` since 4.0 and under `model_name` before."""
    return pick_text(model, "name") or pick_text(model, "model_name")


def _find_notes(metadata: dict[str, Any]) -> list[str]:
    words = {"controlnets": "ControlNet", "ipAdapters": "an IP adapter", "t2iAdapters": "a T2I adapter"}
    return [
        f"The picture was steered by {word}, which the infotext leaves out."
        for key, word in words.items()
        if pick_list(metadata, key)
    ]


def _read_second(metadata: dict[str, Any]) -> ProgramReading | None:
    images = pick_list(metadata, "images")
    image = pick_object(metadata, "image") or (images[0] if images and isinstance(images[0], dict) else {})
    if not image:
        return None
    written = split_negative(_join_weighted(image.get("prompt")))
    prompt, negative_prompt, notes = _put_emphasis(*written, has_compel=True)
    name, schedule = _split_scheduler(pick_text(image, "sampler"))
    width, height = pick_number(image, "width"), pick_number(image, "height")
    fields = {
        "Steps": pick_number(image, "steps"),
        "Sampler": name,
        "Schedule type": schedule,
        "CFG scale": pick_number(image, "cfg_scale"),
        "Seed": pick_number(image, "seed"),
        "Size": f"{width}x{height}" if width and height else None,
        "Model": file_stem(pick_text(metadata, "model_weights")),
        "Denoising strength": pick_number(image, "strength"),
        "App version": pick_text(metadata, "app_version"),
    }
    return compose_reading(_PROGRAM, prompt, negative_prompt, fields, notes)


def _join_weighted(prompt: object) -> str:
    """The prompt is a text, or a list of texts with weights."""
    if isinstance(prompt, str):
        return prompt
    parts = [pick_text(part, "prompt") for part in prompt if isinstance(part, dict)] if isinstance(prompt, list) else []
    return ", ".join(part for part in parts if part)


def _split_scheduler(name: str) -> tuple[str, str]:
    """Sampler and schedule type in the WebUI's labels: "dpmpp_2m_k" gives ("DPM++ 2M", "Karras")."""
    is_karras = name.endswith(_KARRAS)
    return sampler_label(name.removesuffix(_KARRAS)), "Karras" if is_karras else ""
