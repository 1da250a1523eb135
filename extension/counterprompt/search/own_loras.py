"""The LoRAs of the user's own prompt, and within which weights each is varied."""

from __future__ import annotations

from counterprompt.prompts.extra_networks import LORA_KINDS, ExtraNetwork, find_extra_networks

LORA_BOUNDS = (0.5, 1.0)
"""Default range of a LoRA's weight: above 0.9 style begins to spill, below a half it hardly shows."""


def own_loras(prompt: str) -> dict[str, ExtraNetwork]:
    """Find the tag of each LoRA in *prompt*, by name; of two with one name the last."""
    return {tag.name: tag for tag in find_extra_networks(prompt) if tag.kind in LORA_KINDS}


def weights_to_try(tag: ExtraNetwork, wish: tuple[float, float] | None = None) -> tuple[float, float]:
    """Say between which weights of its diffusion model a LoRA is varied; the user's own stays inside.

    *wish* is the user's range; without one `LORA_BOUNDS` hold for the larger of the weights of text encoder and
    diffusion model.
    """
    larger = max(abs(tag.te_weight), abs(tag.unet_weight))
    share = abs(tag.weight) / larger if larger and wish is None else 1.0
    low, high = (share * end for end in wish or LORA_BOUNDS)
    return min(low, tag.weight), max(high, tag.weight)
