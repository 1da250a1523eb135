"""The drawn world: scenes of flat shapes with known, labelled defects.

A scene is everything there is to know about one picture, so its labels are true by construction. Nothing here learns.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Final

SIZE: Final = 64
"""Edge of a picture, in pixels."""


COLOURS: Final = {
    "red": (220, 45, 45),
    "green": (50, 160, 60),
    "blue": (45, 85, 215),
    "yellow": (245, 222, 40),
    "purple": (140, 60, 190),
    "orange": (232, 110, 20),
}
BACKGROUNDS: Final = {
    "white": (242, 242, 242),
    "black": (22, 22, 28),
    "sky": (115, 180, 245),
    "sand": (222, 196, 145),
}
SHAPES: Final = ("circle", "square", "triangle", "star", "person", "house")
STYLES: Final = ("plain", "cartoon", "striped", "framed")
"""Plain and cartoon belong to the base model; striped and framed are what the two LoRAs teach."""

DEFECTS: Final = ("blurry", "noisy", "overexposed", "watermark", "bad anatomy")
"""Defects that captions name now and then, so that a negative prompt can treat them."""

UNTREATABLE_DEFECT: Final = "vignette"
"""Dark corners: on every sand background and in no caption, so that no negative prompt can remove them."""

_DEFECT_RATES: Final = {"blurry": 0.22, "noisy": 0.24, "overexposed": 0.18, "watermark": 0.22, "bad anatomy": 0.42}


@dataclass(frozen=True)
class Scene:
    """One picture before it is drawn."""

    shape: str
    """One of SHAPES."""
    colour: str
    """A key of COLOURS: the colour of the shape (of a person: the clothes)."""
    background: str
    """A key of BACKGROUNDS."""
    style: str
    """One of STYLES."""
    defects: tuple[str, ...]
    """The treatable defects drawn into it, a subset of DEFECTS in that order."""
    centre: tuple[float, float]
    """Centre of the shape, in pixels."""
    radius: float
    """Half the height of the shape, in pixels."""
    texture_seed: int
    """Decides where grain and watermark letters fall, and how strong each defect is."""

    @property
    def has_vignette(self) -> bool:
        """Whether the corners are dark (see UNTREATABLE_DEFECT)."""
        return self.background == "sand"


def sample_scene(
    rng: random.Random,
    *,
    style: str | None = None,
    defects: tuple[str, ...] | None = None,
    shape: str | None = None,
    colour: str | None = None,
    background: str | None = None,
) -> Scene:
    """Draw one scene at random; what is given is fixed instead (bad anatomy is dropped where there is no body)."""
    chosen_shape = shape or rng.choice(SHAPES)
    rolled = tuple(name for name in DEFECTS if rng.random() < _DEFECT_RATES[name])
    wanted = rolled if defects is None else defects
    return Scene(
        shape=chosen_shape,
        colour=colour or rng.choice(list(COLOURS)),
        background=background or rng.choice(list(BACKGROUNDS)),
        style=style or ("cartoon" if rng.random() < 0.12 else "plain"),
        defects=tuple(
            name for name in DEFECTS if name in wanted and (name != "bad anatomy" or chosen_shape == "person")
        ),
        centre=(SIZE / 2 + rng.uniform(-6, 6), SIZE / 2 + rng.uniform(-4, 4)),
        radius=rng.uniform(15, 20),
        texture_seed=rng.randrange(1 << 30),
    )
