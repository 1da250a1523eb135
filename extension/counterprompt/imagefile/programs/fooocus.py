"""Fooocus's pictures in its own scheme; its "a1111" scheme is an infotext, which webui_family.py reads.

A JSON object under "parameters" of a PNG or in the UserComment (lllyasviel/Fooocus, modules/meta_parser.py), and the
older one of Fooocus-MRE in the comment (MoonRide303/Fooocus-MRE, modules/async_worker.py).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from counterprompt.imagefile.programs.json_object import pick_list, pick_number, pick_text, read_json_object
from counterprompt.imagefile.programs.reading import ProgramReading, compose_reading
from counterprompt.imagefile.programs.webui_family import find_infotext
from counterprompt.imagefile.programs.wording import (
    file_stem,
    lora_tag,
    sampler_label,
    schedule_label,
    with_lora_tags,
)

if TYPE_CHECKING:
    from counterprompt.imagefile.texts import EmbeddedTexts

_KEYS_OF_ITS_OWN = frozenset({"metadata_scheme", "full_negative_prompt", "full_prompt", "adm_guidance", "real_prompt"})
_TWO_NUMBERS = re.compile(r"(\d{1,5})\D{1,8}(\d{1,5})")
_STEPS_OF_PERFORMANCE = {"Quality": 60, "Speed": 30, "Extreme Speed": 8, "Lightning": 4, "Hyper-SD": 4}
_NONE = "None"
_NO_VAE = "Default (model)"
_EXPANDED = "Fooocus's styles and expansion were added to the prompt when the picture was made: {}."


def read_fooocus(embedded: EmbeddedTexts) -> ProgramReading | None:
    """Read Fooocus's JSON; None where another program made the picture.

    The prompt is the one that the user typed; what the styles made of it is in the notes.

    Raises:
        InvalidInputError: the text is too long.
    """
    settings = _find_settings(embedded)
    if settings is None:
        return None
    loras = _read_loras(settings)
    fields = {
        **_read_base(settings),
        "Lora hashes": ", ".join(f"{file_stem(name)}: {digest}" for name, _, digest in loras if digest),
        "Styles": _plain_list(settings.get("styles")),
        "Performance": pick_text(settings, "performance"),
        "Sharpness": settings.get("sharpness"),
        "App version": pick_text(settings, "version") or pick_text(settings, "software"),
    }
    prompt = with_lora_tags(pick_text(settings, "prompt"), [lora_tag(name, weight) for name, weight, _ in loras])
    full_prompt = ", ".join(str(part) for part in pick_list(settings, "full_prompt")) or pick_text(
        settings, "real_prompt"
    )
    is_expanded = full_prompt not in ("", pick_text(settings, "prompt"))
    notes = (_EXPANDED.format(full_prompt),) if is_expanded else ()
    return compose_reading("Fooocus", prompt, pick_text(settings, "negative_prompt"), fields, notes)


def _find_settings(embedded: EmbeddedTexts) -> dict[str, Any] | None:
    for text in (find_infotext(embedded.texts), embedded.texts.get("Comment"), embedded.texts.get("comment")):
        settings = read_json_object(text)
        if settings is None or "prompt" not in settings:
            continue
        if _KEYS_OF_ITS_OWN & set(settings) or embedded.texts.get("fooocus_scheme") == "fooocus":
            return settings
    return None


def _read_base(settings: dict[str, Any]) -> dict[str, object]:
    steps = pick_number(settings, "steps") or _STEPS_OF_PERFORMANCE.get(pick_text(settings, "performance"))
    refiner = pick_text(settings, "refiner_model")
    has_refiner = refiner not in ("", _NONE)
    clip_skip = pick_number(settings, "clip_skip")
    return {
        "Steps": steps,
        "Sampler": sampler_label(pick_text(settings, "sampler")),
        "Schedule type": schedule_label(pick_text(settings, "scheduler")),
        "CFG scale": pick_number(settings, "guidance_scale") or pick_number(settings, "cfg"),
        "Seed": pick_number(settings, "seed"),
        "Size": _read_size(settings),
        "Model hash": pick_text(settings, "base_model_hash"),
        "Model": file_stem(pick_text(settings, "base_model")),
        "VAE": file_stem(pick_text(settings, "vae").removeprefix(_NO_VAE)),
        "Clip skip": clip_skip,
        "Refiner": file_stem(refiner) if has_refiner else None,
        "Refiner switch at": pick_number(settings, "refiner_switch") if has_refiner else None,
    }


def _read_size(settings: dict[str, Any]) -> str | None:
    """`resolution` is a Python tuple as text, "(1152, 896)"; Fooocus-MRE has two numbers."""
    found = _TWO_NUMBERS.search(str(settings.get("resolution", ""))[:64])
    width, height = found.groups() if found else (pick_number(settings, "width"), pick_number(settings, "height"))
    return f"{width}x{height}" if width and height else None


def _read_loras(settings: dict[str, Any]) -> list[tuple[str, object, str]]:
    """Name, weight and hash of each LoRA, from `loras` or else from the "name : weight" of `lora_combined_N`."""
    rows = [row for row in pick_list(settings, "loras") if isinstance(row, list) and len(row) > 1]
    if rows:
        named = [(str(row[0]), row[1], str(row[2]) if len(row) > 2 else "") for row in rows]
        return [row for row in named if row[0] != _NONE]
    combined = (value for key, value in settings.items() if key.startswith("lora_combined_") and isinstance(value, str))
    pairs = (value.rpartition(" : ") for value in combined)
    return [(name, weight, "") for name, separator, weight in pairs if separator]


def _plain_list(value: object) -> str:
    """Style names, which Fooocus writes as a list or as a Python list in text."""
    if isinstance(value, list):
        return ", ".join(str(part) for part in value)
    return str(value).strip("[]").replace("'", "").replace('"', "") if isinstance(value, str) else ""
