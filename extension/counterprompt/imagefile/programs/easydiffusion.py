"""Easy Diffusion's pictures (easydiffusion/easydiffusion, ui/easydiffusion/utils/save_utils.py).

The settings stand in PNG texts one by one, or as a JSON object in the UserComment or in a .json or .txt beside the
picture; a .txt names them by labels ("Negative Prompt: ..."), one a line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from counterprompt.imagefile.programs.json_object import pick_number, read_json_object
from counterprompt.imagefile.programs.reading import ProgramReading, compose_reading
from counterprompt.imagefile.programs.webui_family import find_infotext
from counterprompt.imagefile.programs.wording import file_stem, lora_tag, sampler_label, with_lora_tags

if TYPE_CHECKING:
    from collections.abc import Mapping

    from counterprompt.imagefile.texts import EmbeddedTexts

_KEY_OF_LABEL = {
    "Prompt": "prompt",
    "Negative Prompt": "negative_prompt",
    "Seed": "seed",
    "Steps": "num_inference_steps",
    "Guidance Scale": "guidance_scale",
    "Width": "width",
    "Height": "height",
    "Sampler": "sampler_name",
    "Stable Diffusion model": "use_stable_diffusion_model",
    "VAE model": "use_vae_model",
    "Clip Skip": "clip_skip",
    "Prompt Strength": "prompt_strength",
    "LoRA model": "use_lora_model",
    "LoRA Strength": "lora_alpha",
    "Hypernetwork model": "use_hypernetwork_model",
}
"""Label of the text file to the key of the JSON object."""
_KEYS_OF_ITS_OWN = frozenset({"num_inference_steps", "guidance_scale", "use_stable_diffusion_model"})
_KARRAS = "_karras"


def read_easydiffusion(embedded: EmbeddedTexts) -> ProgramReading | None:
    """Read Easy Diffusion's settings; None where another program made the picture.

    Raises:
        InvalidInputError: a text is too long.
    """
    settings = _find_settings(embedded.texts)
    if settings is None:
        return None
    sampler = str(settings.get("sampler_name", ""))
    width, height = pick_number(settings, "width"), pick_number(settings, "height")
    fields = {
        "Steps": pick_number(settings, "num_inference_steps"),
        "Sampler": sampler_label(sampler.removesuffix(_KARRAS)),
        "Schedule type": "Karras" if sampler.endswith(_KARRAS) else None,
        "CFG scale": pick_number(settings, "guidance_scale"),
        "Seed": pick_number(settings, "seed"),
        "Size": f"{width}x{height}" if width and height else None,
        "Model": file_stem(_named(settings, "use_stable_diffusion_model")),
        "VAE": file_stem(_named(settings, "use_vae_model")),
        "Clip skip": 2 if str(settings.get("clip_skip")).lower() == "true" else None,
        "Denoising strength": pick_number(settings, "prompt_strength"),
        "Hypernet": file_stem(_named(settings, "use_hypernetwork_model")),
    }
    prompt = with_lora_tags(str(settings.get("prompt", "")), _read_loras(settings))
    return compose_reading("Easy Diffusion", prompt, _named(settings, "negative_prompt"), fields)


def _find_settings(texts: Mapping[str, str]) -> dict[str, Any] | None:
    keyed = {_KEY_OF_LABEL.get(key, key): text for key, text in texts.items()}
    if _is_settings(keyed):
        return keyed
    text = find_infotext(texts)
    settings = read_json_object(text)
    found = {_KEY_OF_LABEL.get(key, key): value for key, value in (settings or _read_lines(text or "")).items()}
    return found if _is_settings(found) else None


def _is_settings(settings: Mapping[str, object]) -> bool:
    return "prompt" in settings and len(_KEYS_OF_ITS_OWN & set(settings)) > 1


def _read_lines(text: str) -> dict[str, str]:
    """The lines "Label: value" of a text file; lines without a known label belong to the value above."""
    if not text.startswith("Prompt:"):
        return {}
    values: dict[str, str] = {}
    label = ""
    for line in text.split("\n"):
        head, colon, value = line.partition(":")
        if colon and head in _KEY_OF_LABEL:
            label = head
            values[label] = value.strip()
        else:
            values[label] += f"\n{line.rstrip()}"
    return {label: value.strip() for label, value in values.items()}


def _named(settings: Mapping[str, object], key: str) -> str:
    """A text, or "" for the "None" that stands for nothing."""
    value = settings.get(key)
    return value if isinstance(value, str) and value != "None" else ""


def _read_loras(settings: Mapping[str, object]) -> list[str]:
    """LoRAs and weights: one text and one number, or two lists."""
    names, weights = (settings.get(key) for key in ("use_lora_model", "lora_alpha"))
    pairs = zip(names, weights) if isinstance(names, list) and isinstance(weights, list) else [(names, weights)]
    return [lora_tag(name, weight) for name, weight in pairs if isinstance(name, str) and name not in ("", "None")]
