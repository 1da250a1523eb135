"""Pictures that the finished diffusion model drew, with the tagger's opinion of their defects.

Nobody knows the truth of a generated picture. The CLIP that has also seen such pictures, with a tagger's probabilities
for truth, judges them better; the judge, which takes no part in this, says how much better.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from counterprompt.miniature.captions import caption
from counterprompt.miniature.checkpoint import assembled_folder
from counterprompt.miniature.classifier import TAGGER_WIDTHS, new_classifier
from counterprompt.miniature.labels import TAGS
from counterprompt.miniature.probes import PROBES
from counterprompt.miniature.training.checkpointing import load_state
from counterprompt.miniature.world import DEFECTS, SIZE, sample_scene
from counterprompt.ports import GenerationRequest

if TYPE_CHECKING:
    import torch
    from PIL import Image

_STEPS = 10


@dataclass(frozen=True)
class GeneratedPictures:
    """Generated pictures and what the tagger says of them."""

    pictures: torch.Tensor
    """uint8, shape (n, 3, 64, 64)."""
    defects: torch.Tensor
    """Probability of each defect of probes.PROBES, float32, shape (n, len(PROBES))."""

    def batch(self, size: int) -> tuple[torch.Tensor, torch.Tensor]:
        """Pick *size* rows: pictures, -1 to 1, shape (size, 3, 64, 64), and their defects."""
        import torch

        rows = torch.randint(0, len(self.pictures), (size,))
        return self.pictures[rows].float() / 127.5 - 1, self.defects[rows]


def load_generated(folder: Path, count: int) -> GeneratedPictures:
    """Read *count* generated pictures from *folder*; where they are missing, draw them with the exported weights.

    Needs *folder*/tagger.pt and the exported diffusion model.
    """
    import torch

    path = folder / f"generated-{count}.pt"
    if not path.exists():
        torch.save(_draw(count), path)
    pictures = torch.load(path, weights_only=True)
    state = load_state(folder / "tagger.pt")
    if state is None:
        raise FileNotFoundError(f"{folder / 'tagger.pt'} is missing: train the tagger first")
    tagger = new_classifier(TAGGER_WIDTHS)
    tagger.load_state_dict(state["model"])
    tagger.eval()
    columns = [TAGS.index(name) for name in PROBES]
    with torch.inference_mode():
        parts = [tagger(part.float() / 127.5 - 1).sigmoid()[:, columns] for part in pictures.split(100)]
    return GeneratedPictures(pictures, torch.cat(parts).clone())


def _draw(count: int) -> torch.Tensor:
    import numpy as np
    import torch

    from counterprompt.generation.diffusers_generator import DiffusersGenerator

    generator = DiffusersGenerator(assembled_folder() / "miniature.safetensors")
    rng = random.Random(4242)
    images: list[Image.Image] = []
    while len(images) < count:
        cfg_scale = rng.choice((1.0, 5.0, 7.0, 9.0, 13.0))
        negative = ", ".join(rng.sample(DEFECTS, rng.randint(0, 2)))
        images += generator.generate([_request(rng, negative, cfg_scale) for _ in range(8)])
    pixels = np.stack([np.asarray(image) for image in images[:count]])
    return torch.from_numpy(pixels).permute(0, 3, 1, 2).contiguous()


def _request(rng: random.Random, negative_prompt: str, cfg_scale: float) -> GenerationRequest:
    return GenerationRequest(
        prompt=caption(sample_scene(rng), rng),
        negative_prompt=negative_prompt,
        seed=rng.randrange(2**32),
        steps=_STEPS,
        cfg_scale=cfg_scale,
        width=SIZE,
        height=SIZE,
    )
