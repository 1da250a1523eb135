"""Trains the autoencoder: pictures of 64 by 64 pixels to latents of 4 by 8 by 8 and back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from counterprompt.miniature.training.checkpointing import Ticker, keep, resume
from counterprompt.miniature.training.pool import load_pool

if TYPE_CHECKING:
    import torch

VAE_CONFIG: Final[dict[str, Any]] = {
    "in_channels": 3,
    "out_channels": 3,
    "down_block_types": ("DownEncoderBlock2D",) * 4,
    "up_block_types": ("UpDecoderBlock2D",) * 4,
    "block_out_channels": (32, 32, 64, 128),
    "layers_per_block": 1,
    "latent_channels": 4,
    "norm_num_groups": 32,
    "sample_size": 64,
}
_KL_WEIGHT: Final = 1e-6
"""Larger values collapse latent channels: at 5e-4 green turned dark."""
_CROP: Final = 32
_BATCH: Final = 16
_PEAK_RATE: Final = 1e-3


def train_autoencoder(
    folder: Path, *, steps: int, pool_size: int = 20_000, whole_from: int | None = None, decoder_from: int | None = None
) -> None:
    """Train for *steps* steps of 16 random crops, then of 4 whole pictures; resumes from and writes *folder*/vae.pt.

    Crops learn faster, but group normalisation and attention meet other statistics in a whole picture: trained on
    crops alone, an autoencoder shifts the tones of whole pictures by 7 % of the range.

    Args:
        folder: where pools and states lie.
        steps: in all, those of earlier runs included.
        pool_size: pictures to draw.
        whole_from: from this step on whole pictures; None: from 65 % of *steps* on.
        decoder_from: from this step on only the decoder learns, so that latents already in use keep their meaning.
    """
    import torch
    from diffusers import AutoencoderKL

    pictures, _ = load_pool(folder, count=pool_size, seed=1)
    pool = torch.from_numpy(pictures).permute(0, 3, 1, 2)
    torch.manual_seed(0)
    vae = AutoencoderKL(**VAE_CONFIG).to(memory_format=torch.channels_last)
    optimizer = torch.optim.AdamW(vae.parameters(), lr=_PEAK_RATE, weight_decay=0.0, betas=(0.9, 0.95))
    first = resume(folder / "vae.pt", optimizer, vae=vae)
    turns = [steps * 13 // 20 if whole_from is None else whole_from, steps if decoder_from is None else decoder_from]
    ticker = Ticker("autoencoder", first, steps)
    for step in ticker.steps():
        for group in optimizer.param_groups:
            group["lr"] = _learning_rate(step, [0, *(turn for turn in turns if turn <= step), steps])
        for frozen in (vae.encoder, vae.quant_conv):
            frozen.requires_grad_(step < turns[1])
        loss = _loss(vae, _crops(pool) if step < turns[0] else _whole(pool))
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(vae.parameters(), 1.0)
        optimizer.step()
        if ticker.tick(step, loss.item()):
            keep(folder / "vae.pt", step, optimizer, vae=vae)


def _learning_rate(step: int, turns: list[int]) -> float:
    """Warm up over 200 steps after the last turn, then fall in a line to the end; later turns have half the peak."""
    *before, end = turns
    began = max(before)
    peak = _PEAK_RATE if began == 0 else _PEAK_RATE / 2
    return peak * min((step - began + 1) / 200, max(0.02, 1 - (step - began) / (end - began)))


def _crops(pool: torch.Tensor) -> torch.Tensor:
    """Crop a batch at a multiple of 4 pixels.

    Returns:
        Shape (16, 3, 32, 32), -1 to 1.
    """
    import torch

    rows = torch.randint(0, len(pool), (_BATCH,))
    top, left = (int(value) * 4 for value in torch.randint(0, 9, (2,)))
    return _scaled(pool[rows][:, :, top : top + _CROP, left : left + _CROP])


def _whole(pool: torch.Tensor) -> torch.Tensor:
    """Pick whole pictures: shape (4, 3, 64, 64), -1 to 1, as many pixels as a batch of crops has."""
    import torch

    return _scaled(pool[torch.randint(0, len(pool), (_BATCH // 4,))])


def _scaled(pictures: torch.Tensor) -> torch.Tensor:
    import torch

    return (pictures.float() / 127.5 - 1).contiguous(memory_format=torch.channels_last)


def _loss(vae: Any, x: torch.Tensor) -> torch.Tensor:
    import torch

    posterior = vae.encode(x).latent_dist
    y = vae.decode(posterior.sample()).sample
    kl = 0.5 * (posterior.mean**2 + posterior.var - 1 - posterior.logvar).mean()
    pixels = (y - x).abs().mean() + 2 * (y - x).pow(2).mean()
    edges = sum((y.diff(dim=dim) - x.diff(dim=dim)).abs().mean() for dim in (2, 3))
    # Flat colours are most of a picture here, and the first thing a small latent drops.
    colours = torch.nn.functional.avg_pool2d(y - x, 8).abs().mean()
    total: torch.Tensor = pixels + 0.3 * edges + 2 * colours + _KL_WEIGHT * kl
    return total
