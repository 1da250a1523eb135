"""SwarmUI's and StableSwarmUI's pictures.

A JSON object under "parameters" of a PNG or in the UserComment: `sui_image_params` with the settings, `sui_models` with
the files and the hashes of their tensors (mcmonkeyprojects/SwarmUI, docs/Image Metadata Format.md).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from counterprompt.imagefile.programs.json_object import (
    pick_list,
    pick_number,
    pick_object,
    pick_text,
    read_json_object,
)
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

_SHORT_HASH = 12
_NO_VAE = ("Automatic", "None")


def read_swarmui(embedded: EmbeddedTexts) -> ProgramReading | None:
    """Read SwarmUI's JSON; None where another program made the picture.

    Raises:
        InvalidInputError: the text is too long.
    """
    text = find_infotext(embedded.texts)
    if text is None or "sui_image_params" not in text:
        return None
    metadata = read_json_object(text)
    settings = pick_object(metadata, "sui_image_params")
    if not settings:
        return None
    loras = _pair_loras(settings)
    tags = [lora_tag(name, weight) for name, weight in loras]
    fields = {
        **_read_base(settings),
        **_read_refiner(settings),
        "Lora hashes": _read_lora_hashes(metadata, [name for name, _ in loras]),
        "App version": pick_text(settings, "swarm_version") or None,
    }
    prompt = with_lora_tags(pick_text(settings, "prompt"), tags)
    return compose_reading("SwarmUI", prompt, pick_text(settings, "negativeprompt"), fields)


def _read_base(settings: dict[str, Any]) -> dict[str, object]:
    sampler = next(
        (text for key in ("sampler", "comfyuisampler", "autowebuisampler") if (text := pick_text(settings, key))), ""
    )
    schedule = pick_text(settings, "scheduler") or pick_text(settings, "comfyuischeduler")
    width, height = pick_number(settings, "width"), pick_number(settings, "height")
    vae = pick_text(settings, "vae")
    clip_stop = pick_number(settings, "clipstopatlayer")
    return {
        "Steps": pick_number(settings, "steps"),
        "Sampler": sampler_label(sampler),
        "Schedule type": schedule_label(schedule),
        "CFG scale": pick_number(settings, "cfgscale"),
        "Distilled CFG Scale": pick_number(settings, "fluxguidancescale"),
        "Seed": pick_number(settings, "seed"),
        "Size": f"{width}x{height}" if width and height else None,
        "Model": file_stem(pick_text(settings, "model")),
        "VAE": None if vae in _NO_VAE else file_stem(vae),
        "Clip skip": None if clip_stop is None else abs(clip_stop),
        "Denoising strength": pick_number(settings, "initimagecreativity"),
        "Variation seed": pick_number(settings, "variationseed"),
        "Variation seed strength": pick_number(settings, "variationseedstrength"),
    }


def _read_refiner(settings: dict[str, Any]) -> dict[str, object]:
    """The refiner, which doubles as the hires fix where it upscales."""
    upscale = pick_number(settings, "refinerupscale")
    control = pick_number(settings, "refinercontrolpercentage")
    if upscale is not None and upscale > 1:
        return {
            "Denoising strength": control,
            "Hires upscale": upscale,
            "Hires upscaler": file_stem(pick_text(settings, "refinerupscalemethod").partition("-")[2]),
            "Hires steps": pick_number(settings, "refinersteps"),
        }
    model = file_stem(pick_text(settings, "refinermodel"))
    return {"Refiner": model, "Refiner switch at": None if control is None else 1 - control} if model else {}


def _pair_loras(settings: dict[str, Any]) -> list[tuple[str, object]]:
    """Names with weights; SwarmUI writes both as lists, in old versions as texts with commas."""
    names, weights = (_split(settings.get(key)) for key in ("loras", "loraweights"))
    weights += ["1"] * (len(names) - len(weights))
    return list(zip(names, weights))


def _split(value: object) -> list[str]:
    parts = value if isinstance(value, list) else value.split(",") if isinstance(value, str) else []
    return [str(part).strip() for part in parts if str(part).strip()]


def _read_lora_hashes(metadata: dict[str, Any] | None, names: list[str]) -> str:
    """First digits of the hashes of the LoRAs' tensors, which is how the WebUI hashes a LoRA too."""
    hash_of_name = {
        file_stem(pick_text(entry, "name")): pick_text(entry, "hash").removeprefix("0x")[:_SHORT_HASH]
        for entry in pick_list(metadata, "sui_models")
        if pick_text(entry, "param") == "loras"
    }
    stems = (file_stem(name) for name in names)
    return ", ".join(f"{stem}: {hash_of_name[stem]}" for stem in stems if hash_of_name.get(stem))
