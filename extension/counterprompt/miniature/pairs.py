"""Drawn pictures in good and in damaged form: what the miniature's scorer must rank before a study."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from counterprompt.miniature.drawing import draw
from counterprompt.miniature.world import DEFECTS, SHAPES, sample_scene

if TYPE_CHECKING:
    from counterprompt.miniature.world import Scene
    from counterprompt.scoring.damage import DamagedPair

SCENES: Final = 64
"""Clean scenes, half of them people: only they can have bad anatomy, and few pairs would make a probe pass by luck."""

_SEED: Final = 20_231


def defect_pairs(count: int = SCENES) -> list[DamagedPair]:
    """Draw *count* clean scenes, and each of them again with each defect that it can have.

    Equal counts give equal pictures, so that a resumed study excludes the same probes. The vignette is left out: it
    belongs to a background and cannot be drawn on another.
    """
    from PIL import Image

    from counterprompt.scoring.damage import DamagedPair

    scenes = _clean_scenes(count)
    good = [Image.fromarray(draw(scene)) for scene in scenes]
    return [
        DamagedPair(defect, picture, Image.fromarray(draw(replace(scene, defects=(defect,)))))
        for defect in DEFECTS
        for scene, picture in zip(scenes, good)
        if defect != "bad anatomy" or scene.shape == "person"
    ]


def _clean_scenes(count: int) -> list[Scene]:
    rng = random.Random(_SEED)
    others = [shape for shape in SHAPES if shape != "person"]
    shapes = ["person" if number % 2 == 0 else others[number // 2 % len(others)] for number in range(count)]
    return [sample_scene(rng, shape=shape, defects=()) for shape in shapes]
