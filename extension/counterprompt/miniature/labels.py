"""The true tags of a scene, and the order in which the miniature's models name them."""

from __future__ import annotations

from typing import Final

from counterprompt.miniature.world import BACKGROUNDS, COLOURS, DEFECTS, SHAPES, STYLES, UNTREATABLE_DEFECT, Scene

GROUPS: Final = {
    "shape": SHAPES,
    "colour": tuple(COLOURS),
    "background": tuple(f"{name} background" for name in BACKGROUNDS),
    "style": STYLES,
}
"""Exactly one tag of each group is true of a scene."""

DEFECT_TAGS: Final = (*DEFECTS, UNTREATABLE_DEFECT)
"""Any of these may be true of a scene, or none."""

TAGS: Final = (*(tag for group in GROUPS.values() for tag in group), *DEFECT_TAGS)
"""Every tag, in the order of the models' outputs."""


def tags_of(scene: Scene) -> frozenset[str]:
    """Name everything that is true of *scene*; a subset of TAGS."""
    truth = {scene.shape, scene.colour, f"{scene.background} background", scene.style, *scene.defects}
    return frozenset(truth | {UNTREATABLE_DEFECT} if scene.has_vignette else truth)
