"""A loaded checkpoint: the models and numbers that sampling needs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch import Tensor

    from counterprompt.generation.geometry import Geometry


@dataclass(frozen=True)
class TextModel:
    """One text encoder with its tokenizer."""

    tokenizer: Any
    """CLIPTokenizer."""
    encoder: Any
    """CLIPTextModel, or CLIPTextModelWithProjection where a pooled vector is wanted."""
    is_pooled: bool = False
    """Whether it also gives the pooled vector (SDXL's second encoder)."""


@dataclass(frozen=True)
class Checkpoint:
    """A loaded checkpoint, in evaluation mode."""

    unet: Any
    """UNet2DConditionModel."""
    vae: Any
    """AutoencoderKL in float32; its encoder may be gone."""
    text_models: tuple[TextModel, ...]
    """One for SD 1.x and 2.x, two for SDXL."""
    alphas_cumprod: Tensor
    """(timesteps,) float32: how much of the picture is left at each timestep, falling from 1 towards 0."""
    scale_factor: float
    """Latents are divided by it before decoding."""
    prediction_type: str = "epsilon"
    """"epsilon" or "v_prediction"."""
    geometry: Geometry | None = field(default=None, repr=False)
    """Of a single file; None for a folder."""

    @property
    def is_sdxl(self) -> bool:
        """Whether it takes two text encoders and the picture's size."""
        return len(self.text_models) == 2

    @property
    def pixels_per_latent(self) -> int:
        """Side of the square of pixels that one latent stands for, 8 for every known Stable Diffusion."""
        return int(2 ** (len(self.vae.config.block_out_channels) - 1))


def alphas_of(start: float, end: float, timesteps: int, *, is_scaled: bool) -> Tensor:
    """Compute the cumulative alphas (timesteps,) of a beta schedule from *start* to *end*.

    Args:
        start: first beta, 0 to 1.
        end: last beta, *start* to 1.
        timesteps: at least 2.
        is_scaled: whether the square root of beta is what grows linearly (all Stable Diffusion), or beta itself.
    """
    import torch

    power = 2.0 if is_scaled else 1.0
    betas = torch.linspace(start ** (1 / power), end ** (1 / power), timesteps, dtype=torch.float64) ** power
    return torch.cumprod(1.0 - betas, dim=0).float()
