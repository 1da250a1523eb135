"""The training pictures: many drawn scenes in one array, made once and kept on disk."""

from __future__ import annotations

import dataclasses
import json
import random
from pathlib import Path
from typing import TYPE_CHECKING, Final

from counterprompt.miniature.drawing import draw
from counterprompt.miniature.world import Scene, sample_scene

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

_LORA_STYLE_SHARE: Final = 0.2
"""Share of scenes in the two LoRA styles, which every model but the diffusion model must know from the start."""


def load_pool(folder: Path, *, count: int, seed: int) -> tuple[npt.NDArray[np.uint8], list[Scene]]:
    """Read the pool of *count* scenes from *folder*, drawing it first where it is not there yet.

    Returns:
        Pictures of shape (count, 64, 64, 3) and their scenes, in the same order.
    """
    import numpy as np

    stem = folder / f"pool-{count}-{seed}"
    if not stem.with_suffix(".npy").exists():
        folder.mkdir(parents=True, exist_ok=True)
        rng = random.Random(seed)
        scenes = [_sample(rng) for _ in range(count)]
        stem.with_suffix(".json").write_text(json.dumps([dataclasses.asdict(scene) for scene in scenes]))
        np.save(stem.with_suffix(".npy"), np.stack([draw(scene) for scene in scenes]))
    rows = json.loads(stem.with_suffix(".json").read_text())
    return np.load(stem.with_suffix(".npy")), [_scene_from(row) for row in rows]


def _sample(rng: random.Random) -> Scene:
    style = rng.choice(("striped", "framed")) if rng.random() < _LORA_STYLE_SHARE else None
    return sample_scene(rng, style=style)


def _scene_from(row: dict[str, object]) -> Scene:
    row["defects"] = tuple(row["defects"])  # type: ignore[arg-type]
    row["centre"] = tuple(row["centre"])  # type: ignore[arg-type]
    return Scene(**row)  # type: ignore[arg-type]
