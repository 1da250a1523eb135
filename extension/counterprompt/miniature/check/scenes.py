"""The scenes that the miniature is checked on."""

from __future__ import annotations

import itertools
import random
from typing import TYPE_CHECKING

from counterprompt.miniature.drawing import draw
from counterprompt.miniature.world import BACKGROUNDS, COLOURS, SHAPES, Scene, sample_scene

if TYPE_CHECKING:
    from PIL import Image


def even_scenes(count: int, *, seed: int) -> list[Scene]:
    """Spread *count* scenes evenly over shapes, colours and backgrounds."""
    rng = random.Random(seed)
    cells = list(itertools.product(SHAPES, COLOURS, BACKGROUNDS))
    rng.shuffle(cells)
    chosen = itertools.islice(itertools.cycle(cells), count)
    return [sample_scene(rng, shape=shape, colour=colour, background=ground) for shape, colour, ground in chosen]


def fresh_scenes(count: int) -> list[Scene]:
    """Return *count* scenes at random, always the same, about a fifth of them in a LoRA's style."""
    rng = random.Random(987_654)
    return [
        sample_scene(rng, style=rng.choice(("striped", "framed")) if rng.random() < 0.2 else None) for _ in range(count)
    ]


def picture_of(scene: Scene) -> Image.Image:
    """Draw *scene* as it is meant, without any model."""
    from PIL import Image

    return Image.fromarray(draw(scene))
