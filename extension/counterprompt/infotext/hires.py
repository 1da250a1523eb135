"""The hires fix of an infotext as one value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from counterprompt.infotext.fields import read_integer, read_number, read_size

if TYPE_CHECKING:
    from counterprompt.infotext.params import GenerationParams

_LABELS = ("Hires upscale", "Hires resize", "Hires steps", "Hires upscaler")


@dataclass(frozen=True)
class HiresFix:
    """The second pass that enlarges the picture; what is None is as in the first pass, or the WebUI's default."""

    upscale: float | None
    """Factor; None where the infotext names the size instead."""
    size: tuple[int, int] | None
    """Width and height in pixels after the pass, where the infotext names them; 0 follows the picture's shape."""
    upscaler: str | None
    """Label of the upscaler."""
    steps: int | None
    """Sampling steps."""
    denoising_strength: float | None
    """0 to 1."""
    sampler_name: str | None
    """Label of the sampler."""
    scheduler: str | None
    """Label of the schedule type."""
    cfg_scale: float | None
    """Guidance strength, unitless (Forge)."""
    checkpoint: str | None
    """Name of the checkpoint."""
    prompt: str | None
    """Positive prompt."""
    negative_prompt: str | None
    """Negative prompt."""


def read_hires_fix(gen_params: GenerationParams) -> HiresFix | None:
    """Read the hires fix (WebUI 1.10.1, modules/processing.py; Forge for the CFG scale); None where there was none."""
    if all(gen_params.text(label) is None for label in _LABELS):
        return None
    return HiresFix(
        upscale=gen_params.hires_upscale,
        size=read_size(gen_params.text("Hires resize")),
        upscaler=gen_params.hires_upscaler,
        steps=read_integer(gen_params.text("Hires steps")),
        denoising_strength=gen_params.denoising_strength,
        sampler_name=gen_params.text("Hires sampler"),
        scheduler=gen_params.text("Hires schedule type"),
        cfg_scale=read_number(gen_params.text("Hires CFG Scale")),
        checkpoint=gen_params.text("Hires checkpoint"),
        prompt=gen_params.text("Hires prompt"),
        negative_prompt=gen_params.text("Hires negative prompt"),
    )
