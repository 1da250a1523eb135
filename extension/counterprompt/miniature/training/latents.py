"""The drawn pictures as latents: what the diffusion models learn from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from counterprompt.miniature.training.autoencoder import VAE_CONFIG
from counterprompt.miniature.training.checkpointing import load_state
from counterprompt.miniature.training.pool import load_pool

if TYPE_CHECKING:
    from pathlib import Path

    import torch

    from counterprompt.miniature.world import Scene


def base_latents(folder: Path, pool_size: int) -> tuple[torch.Tensor, list[Scene], float]:
    """Encode the pool's scenes that belong to the base model (no LoRA style).

    Returns:
        Latents of unit spread, shape (n, 4, 8, 8); their scenes; the factor that gave them unit spread.
    """
    import torch

    pictures, scenes = load_pool(folder, count=pool_size, seed=1)
    rows = [row for row, scene in enumerate(scenes) if scene.style in ("plain", "cartoon")]
    path = folder / f"latents-{pool_size}.pt"
    if not path.exists():
        torch.save(encode_pictures(load_vae(folder), pictures[rows]), path)
    latents = torch.load(path, weights_only=True)
    scale = float(1 / latents.std())
    return latents * scale, [scenes[row] for row in rows], scale


def load_vae(folder: Path) -> Any:
    """Load the trained autoencoder from *folder*/vae.pt for inference."""
    import torch
    from diffusers import AutoencoderKL

    state = load_state(folder / "vae.pt")
    if state is None:
        raise FileNotFoundError(f"{folder / 'vae.pt'} is missing: train the autoencoder first")
    vae = AutoencoderKL(**VAE_CONFIG)
    vae.load_state_dict(state["vae"])
    return vae.to(memory_format=torch.channels_last).eval()


def encode_pictures(vae: Any, pictures: Any) -> torch.Tensor:
    """Encode uint8 pictures of shape (n, 64, 64, 3) into unscaled latents of shape (n, 4, 8, 8)."""
    import torch

    with torch.inference_mode():
        parts = [
            vae.encode(torch.from_numpy(part).permute(0, 3, 1, 2).float() / 127.5 - 1).latent_dist.mean
            for part in (pictures[start : start + 100] for start in range(0, len(pictures), 100))
        ]
    return torch.cat(parts).clone()
