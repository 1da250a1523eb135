"""Draw Things' pictures: a JSON object in the UserComment of the XMP packet, or in that of the EXIF block.

Its keys as exiftool shows them: "c" the prompt, "uc" the negative prompt, "seed", "steps", "scale", "sampler", "size"
("1152x768"), "model", "strength", "lora", and a fuller "v2" (cocktailpeanut/breadmachine issue 2; drawthingsai,
draw-things-community).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from counterprompt.imagefile.programs.json_object import (
    pick_list,
    pick_number,
    pick_object,
    pick_text,
    read_json_object,
)
from counterprompt.imagefile.programs.reading import ProgramReading, compose_reading
from counterprompt.imagefile.programs.wording import file_stem, lora_tag, with_lora_tags
from counterprompt.imagefile.xmp_values import find_xmp_value
from counterprompt.infotext.samplers import AUTOMATIC, split_sampler

if TYPE_CHECKING:
    from counterprompt.imagefile.texts import EmbeddedTexts

_COMMENT = "exif:UserComment"
_ENDINGS = re.compile(r"(?:_(?:f16|f32|q[0-9]p?|i8x|svd)){1,3}$")
_LABELS = {"euler a": "Euler a", "dpm++ 2s a": "DPM++ 2S a"}
_SCHEDULE_OF_ENDING = {" Trailing": "Uniform", " AYS": "Align Your Steps", " Substep": "", " Karras": "Karras"}


def read_drawthings(embedded: EmbeddedTexts) -> ProgramReading | None:
    """Read Draw Things' JSON; None where another program made the picture.

    Raises:
        InvalidInputError: a text is too long.
    """
    settings = _find_settings(embedded)
    if settings is None:
        return None
    sampler, schedule = _split_sampler(pick_text(settings, "sampler"))
    more = pick_object(settings, "v2")
    clip_skip = pick_number(more, "clipSkip")
    strength = pick_number(settings, "strength")
    fields = {
        "Steps": pick_number(settings, "steps"),
        "Sampler": sampler,
        "Schedule type": schedule,
        "CFG scale": pick_number(settings, "scale"),
        "Seed": pick_number(settings, "seed"),
        "Size": pick_text(settings, "size"),
        "Model": _model_name(pick_text(settings, "model")),
        "Denoising strength": None if strength == 1 else strength,
        "Clip skip": clip_skip if clip_skip and clip_skip > 1 else None,
    }
    loras = [entry for entry in pick_list(settings, "lora") if pick_text(entry, "model")]
    tags = [lora_tag(_model_name(pick_text(entry, "model")), entry.get("weight")) for entry in loras]
    return compose_reading(
        "Draw Things", with_lora_tags(pick_text(settings, "c"), tags), pick_text(settings, "uc"), fields
    )


def _find_settings(embedded: EmbeddedTexts) -> dict[str, Any] | None:
    for text in (find_xmp_value(embedded.texts.get("xmp", ""), _COMMENT), embedded.texts.get("UserComment")):
        settings = read_json_object(text)
        if settings is not None and settings.keys() >= {"c", "sampler"}:
            return settings
    return None


def _split_sampler(name: str) -> tuple[str | None, str | None]:
    for ending, schedule in _SCHEDULE_OF_ENDING.items():
        if name.endswith(ending):
            return _label(name.removesuffix(ending)), schedule
    bare_name, schedule = split_sampler(name, None)
    return _label(bare_name or ""), None if schedule == AUTOMATIC else schedule


def _label(name: str) -> str:
    return _LABELS.get(name.lower(), name)


def _model_name(path: str) -> str:
    """File name without the ending and without the precision that Draw Things puts before it."""
    return _ENDINGS.sub("", file_stem(path))
