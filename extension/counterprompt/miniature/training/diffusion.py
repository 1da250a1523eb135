"""Trains the diffusion model: a small UNet on latents and the text encoder that steers it, in SD 1.x layout."""

from __future__ import annotations

import random
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from counterprompt.miniature.captions import caption
from counterprompt.miniature.training.checkpointing import Ticker, load_state, save_state
from counterprompt.miniature.training.latents import base_latents
from counterprompt.miniature.vocabulary import CONTEXT_LENGTH, VOCABULARY_SIZE, encode, untrained_embeddings

if TYPE_CHECKING:
    import torch


TEXT_WIDTH: Final = 96
UNET_CONFIG: Final[dict[str, Any]] = {
    "sample_size": 8,
    "in_channels": 4,
    "out_channels": 4,
    "block_out_channels": (64, 128),
    "layers_per_block": 2,
    "cross_attention_dim": TEXT_WIDTH,
    "attention_head_dim": 4,  # diffusers' name for the number of heads
    "norm_num_groups": 32,
    "down_block_types": ("DownBlock2D", "CrossAttnDownBlock2D"),
    "up_block_types": ("CrossAttnUpBlock2D", "UpBlock2D"),
}
TEXT_CONFIG: Final[dict[str, Any]] = {
    "vocab_size": VOCABULARY_SIZE,
    "hidden_size": TEXT_WIDTH,
    "intermediate_size": TEXT_WIDTH * 4,
    "projection_dim": TEXT_WIDTH,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "max_position_embeddings": CONTEXT_LENGTH,
    "hidden_act": "quick_gelu",
    "bos_token_id": VOCABULARY_SIZE - 2,
    "eos_token_id": VOCABULARY_SIZE - 1,
    "pad_token_id": VOCABULARY_SIZE - 1,
}
SCHEDULE: Final[dict[str, Any]] = {
    "beta_start": 0.00085,
    "beta_end": 0.012,
    "beta_schedule": "scaled_linear",
    "num_train_timesteps": 1000,
}
_ENCODING_MEAN: Final = -0.2
_BATCH: Final = 32
_PEAK_RATE: Final = 1e-3
_EMA_DECAY: Final = 0.999
_SNR_CAP: Final = 5.0
"""Gamma of min-SNR weighting, Hang et al. 2023, equation 8."""


def train_diffusion(folder: Path, *, steps: int, pool_size: int = 20_000) -> None:
    """Train for *steps* steps of 32 pictures; needs *folder*/vae.pt, resumes from and writes *folder*/diffusion.pt."""
    import torch

    latents, scenes, scale = base_latents(folder, pool_size)
    torch.manual_seed(2)
    unet, text_encoder = new_models()
    parameters = [*unet.parameters(), *text_encoder.parameters()]
    optimizer = torch.optim.AdamW(parameters, lr=_PEAK_RATE, weight_decay=0.0, betas=(0.9, 0.99), fused=True)
    average = [parameter.detach().clone() for parameter in parameters]
    state = load_state(folder / "diffusion.pt")
    first = 0
    if state is not None:
        first, average = state["step"], state["average"]
        for parameter, value in zip(parameters, state["parameters"]):
            parameter.data.copy_(value)
        optimizer.load_state_dict(state["optimizer"])
        for group in optimizer.param_groups:
            group["fused"] = True  # a tenth faster on a CPU; states of earlier runs say None
    rng = random.Random(100 + first)
    ticker = Ticker("diffusion", first, steps)
    for step in ticker.steps():
        for group in optimizer.param_groups:
            group["lr"] = learning_rate(step, steps, _PEAK_RATE)
        rows = rng.sample(range(len(scenes)), _BATCH)
        ids = token_ids([caption(scenes[row], rng) for row in rows])
        loss = denoising_loss(unet, text_encoder, latents[rows], ids)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        with torch.no_grad():
            decay = min(_EMA_DECAY, (step + 1) / (step + 10))
            torch._foreach_lerp_(average, [parameter.detach() for parameter in parameters], 1 - decay)
        if ticker.tick(step, loss.item()):
            state = {
                "step": step + 1,
                "scale": scale,
                "parameters": [parameter.detach() for parameter in parameters],
                "average": average,
                "optimizer": optimizer.state_dict(),
            }
            save_state(folder / "diffusion.pt", state)


def learning_rate(step: int, steps: int, peak: float) -> float:
    """Warm up over 200 steps, then fall along a cosine to 2 % of *peak*."""
    import math

    warm = min(1.0, (step + 1) / 200)
    return peak * warm * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * step / steps)))


def new_models() -> tuple[Any, Any]:
    """Make the UNet and the CLIP text encoder with untrained weights."""
    import torch
    from diffusers import UNet2DConditionModel
    from transformers import CLIPTextConfig, CLIPTextModel

    unet = UNet2DConditionModel(**UNET_CONFIG).to(memory_format=torch.channels_last)
    text_encoder = CLIPTextModel(CLIPTextConfig(**TEXT_CONFIG))
    rows = torch.from_numpy(untrained_embeddings(TEXT_WIDTH))
    text_encoder.get_input_embeddings().weight.data.copy_(rows)
    # The WebUI's emphasis divides by the mean of the encoding: like the real CLIP's, it must stay clear of zero.
    for name, module in text_encoder.named_modules():
        if name.endswith("final_layer_norm"):
            module.bias.data.fill_(_ENCODING_MEAN)
    return unet, text_encoder


def token_ids(captions: list[str]) -> torch.Tensor:
    """Encode captions as SD 1.x does: shape (n, 77), padded with the end token."""
    import torch

    return torch.tensor([encode(text, padding=VOCABULARY_SIZE - 1) for text in captions])


def denoising_loss(unet: Any, text_encoder: Any, latents: torch.Tensor, ids: torch.Tensor) -> torch.Tensor:
    """Mean squared error of the predicted noise, weighted by min-SNR.

    Args:
        unet: predicts noise.
        text_encoder: encodes *ids*.
        latents: unit spread, shape (n, 4, 8, 8).
        ids: shape (n, 77).
    """
    import torch

    alphas = alphas_cumprod()
    timesteps = torch.randint(0, len(alphas), (len(latents),))
    signal = alphas[timesteps].view(-1, 1, 1, 1)
    noise = torch.randn_like(latents)
    noisy = signal.sqrt() * latents + (1 - signal).sqrt() * noise
    predicted = unet(noisy, timesteps, text_encoder(ids).last_hidden_state).sample
    ratio = (signal / (1 - signal)).flatten()
    weight = ratio.clamp(max=_SNR_CAP) / ratio
    loss: torch.Tensor = (weight * (predicted - noise).pow(2).mean(dim=(1, 2, 3))).mean()
    return loss


def alphas_cumprod() -> torch.Tensor:
    """SD 1.x's share of signal at each of the 1000 timesteps, falling from 0.999 to 0.005."""
    import torch

    roots = torch.linspace(SCHEDULE["beta_start"] ** 0.5, SCHEDULE["beta_end"] ** 0.5, SCHEDULE["num_train_timesteps"])
    product: torch.Tensor = torch.cumprod(1 - roots**2, dim=0)
    return product
