"""Which requests the diffusers generator can serve, and which LoRAs they ask for."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from counterprompt.errors import GeneratorError
from counterprompt.generation.lora_merging import LoraUse
from counterprompt.prompts.comments import strip_comments
from counterprompt.prompts.extra_networks import LORA_KINDS, find_extra_networks

if TYPE_CHECKING:
    from counterprompt.ports import GenerationRequest


MAX_STEPS = 1000

MAX_SIDE = 8192


def refuse_numbers(request: GenerationRequest, layers: int, factor: int) -> None:
    """Refuse a *request* with a number that cannot be drawn.

    Args:
        request: what is asked for.
        layers: of the text encoder, the most that CLIP skip may say.
        factor: pixels per latent, which width and height are multiples of.

    Raises:
        GeneratorError: a number is out of range.
    """
    ranges = {
        "steps": (request.steps, 1, MAX_STEPS),
        "seed": (request.seed, 0, 2**32 - 1),
        "width": (request.width, factor, MAX_SIDE),
        "height": (request.height, factor, MAX_SIDE),
        "clip_skip": (request.clip_skip, 1, layers),
    }
    for label, (value, least, most) in ranges.items():
        if not least <= value <= most:
            raise GeneratorError(f"{label} {value} is out of range; give {least} to {most}.")
    if request.width % factor or request.height % factor:
        raise GeneratorError(f"The size {request.width}x{request.height} is not a multiple of {factor}; round it.")
    if not math.isfinite(request.cfg_scale):
        raise GeneratorError(f"cfg_scale {request.cfg_scale} is not a number that guidance can use; give 1 to 30.")


def loras_of(prompt: str) -> tuple[LoraUse, ...]:
    """Return the LoRAs that *prompt* asks for, in order.

    Raises:
        GeneratorError: a tag is broken, or of another kind of extra network.
    """
    networks = find_extra_networks(strip_comments(prompt))
    for network in networks:
        if network.kind not in LORA_KINDS:
            raise GeneratorError(f'"{network.text[:200]}" cannot be applied here, only LoRAs can; remove it.')
        if network.fault:
            raise GeneratorError(f'"{network.text[:200]}" cannot be used: {network.fault}; correct it.')
    return tuple(LoraUse(network.name, network.te_weight, network.unet_weight) for network in networks)
