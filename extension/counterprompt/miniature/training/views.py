"""Pictures as the models that look at them will meet them: drawn, through the autoencoder, with shifted tones."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from counterprompt.miniature.labels import TAGS, tags_of
from counterprompt.miniature.training.pool import load_pool

if TYPE_CHECKING:
    import torch

    from counterprompt.miniature.world import Scene


@dataclass(frozen=True)
class LabelledPictures:
    """A pool in the forms a model trains on."""

    drawn: torch.Tensor
    """uint8, shape (n, 3, 64, 64)."""
    decoded: torch.Tensor | None
    """The same pictures after encoding and decoding, same shape; None before the autoencoder is trained."""
    scenes: list[Scene]
    truth: torch.Tensor
    """1 where a tag is true, float32, shape (n, len(TAGS))."""

    def batch(self, size: int) -> tuple[torch.Tensor, torch.Tensor]:
        """Pick rows at random.

        Returns:
            Row numbers, shape (size,), and pictures, -1 to 1, shape (size, 3, 64, 64), half of them decoded.
        """
        import torch

        rows = torch.randint(0, len(self.scenes), (size,))
        pictures = self.drawn[rows].float()
        if self.decoded is not None:
            pictures[size // 2 :] = self.decoded[rows[size // 2 :]].float()
        pictures = pictures / 127.5 - 1
        contrast = 0.85 + 0.3 * torch.rand(size, 1, 1, 1)
        shift = 0.06 * torch.randn(size, 3, 1, 1)
        return rows, (pictures * contrast + shift).clamp(-1, 1)


def load_views(folder: Path, *, count: int, seed: int, decode: bool) -> LabelledPictures:
    """Load a pool with its labels; with *decode* also what the trained autoencoder makes of each picture."""
    import torch

    pictures, scenes = load_pool(folder, count=count, seed=seed)
    drawn = torch.from_numpy(pictures).permute(0, 3, 1, 2).contiguous()
    truth = torch.tensor([[float(tag in tags) for tag in TAGS] for tags in map(tags_of, scenes)])
    decoded = _decoded(folder, pictures, f"decoded-{count}-{seed}.pt") if decode else None
    return LabelledPictures(drawn, decoded, scenes, truth)


def _decoded(folder: Path, pictures: Any, file_name: str) -> torch.Tensor:
    import torch

    from counterprompt.miniature.training.latents import encode_pictures, load_vae

    path = folder / file_name
    if not path.exists():
        vae = load_vae(folder)
        with torch.inference_mode():
            parts = []
            for start in range(0, len(pictures), 100):
                latents = encode_pictures(vae, pictures[start : start + 100])
                noisy = latents + 0.08 * latents.std() * torch.randn_like(latents)
                parts.append(((vae.decode(noisy).sample.clamp(-1, 1) + 1) * 127.5).to(torch.uint8))
        torch.save(torch.cat(parts).contiguous(), path)
    loaded: torch.Tensor = torch.load(path, weights_only=True)
    return loaded
