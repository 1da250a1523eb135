"""Trains the autoencoder: pictures of 64 by 64 pixels to latents of 4 by 8 by 8 and back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from counterprompt.miniature.training.checkpointing import Ticker, load_state, save_state
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


def train_autoencoder(folder: Path, *, steps: int, pool_size: int = 20_000, decoder_from: int | None = None) -> None:
    """Train for *steps* steps of 16 random crops; resumes from *folder*/vae.pt and writes it every minute.

    Args:
        folder: where pools and states lie.
        steps: in all, those of earlier runs included.
        pool_size: pictures to draw.
        decoder_from: from this step on only the decoder learns, so that latents already in use keep their meaning.
    """
    import torch
    from diffusers import AutoencoderKL

    pictures, _ = load_pool(folder, count=pool_size, seed=1)
    pool = torch.from_numpy(pictures).permute(0, 3, 1, 2)
    torch.manual_seed(0)
    vae = AutoencoderKL(**VAE_CONFIG).to(memory_format=torch.channels_last)
    optimizer = torch.optim.AdamW(vae.parameters(), lr=_PEAK_RATE, weight_decay=0.0, betas=(0.9, 0.95))
    state = load_state(folder / "vae.pt")
    first = 0
    if state is not None:
        first = state["step"]
        vae.load_state_dict(state["vae"])
        optimizer.load_state_dict(state["optimizer"])
    frozen = decoder_from is not None and first >= decoder_from
    if frozen:
        vae.encoder.requires_grad_(False)
        vae.quant_conv.requires_grad_(False)
    began = decoder_from if frozen and decoder_from is not None else 0
    ticker = Ticker("autoencoder", first, steps)
    for step in ticker.steps():
        for group in optimizer.param_groups:
            group["lr"] = _PEAK_RATE * min((step - began + 1) / 200, max(0.02, 1 - (step - began) / (steps - began)))
        loss = _loss(vae, _crops(pool))
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(vae.parameters(), 1.0)
        optimizer.step()
        if ticker.tick(step, loss.item()):
            state = {"step": step + 1, "vae": vae.state_dict(), "optimizer": optimizer.state_dict()}
            save_state(folder / "vae.pt", state)


def _crops(pool: torch.Tensor) -> torch.Tensor:
    """Crop a batch at a multiple of 4 pixels.

    Returns:
        Shape (16, 3, 32, 32), -1 to 1.
    """
    import torch

    rows = torch.randint(0, len(pool), (_BATCH,))
    top, left = (int(value) * 4 for value in torch.randint(0, 9, (2,)))
    crops = pool[rows][:, :, top : top + _CROP, left : left + _CROP].float() / 127.5 - 1
    return crops.contiguous(memory_format=torch.channels_last)


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
