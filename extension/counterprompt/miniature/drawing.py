"""Draws scenes: flat shapes, and the defects over them. Everything random comes from the scene's texture seed."""

from __future__ import annotations

import math
import random
from typing import TYPE_CHECKING, Final

from counterprompt.miniature.world import BACKGROUNDS, COLOURS, SIZE, Scene

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    from PIL import Image


_SUPERSAMPLING: Final = 4

_SKIN: Final = (236, 188, 158)

_TROUSERS: Final = (62, 62, 88)

_BROWN: Final = (105, 62, 40)

_INK: Final = (30, 30, 42)
"""Dark, since white stripes look overexposed."""


def draw(scene: Scene) -> npt.NDArray[np.uint8]:
    """Render *scene*.

    Returns:
        RGB, shape (SIZE, SIZE, 3), 0 to 255.
    """
    import numpy as np
    from PIL import Image, ImageFilter

    texture = random.Random(scene.texture_seed)
    image = _draw_shapes(scene)
    if "watermark" in scene.defects:
        _draw_watermark(image, texture)
    image = image.resize((SIZE, SIZE), Image.Resampling.LANCZOS)
    if "blurry" in scene.defects:
        image = image.filter(ImageFilter.GaussianBlur(texture.uniform(2.4, 3.4)))
    pixels = np.asarray(image, np.float32)
    if scene.has_vignette:
        pixels = pixels * _vignette()
    if "overexposed" in scene.defects:
        pixels = pixels * texture.uniform(1.25, 1.4) + texture.uniform(50, 70)
    if "noisy" in scene.defects:
        pixels = _add_grain(pixels, texture)
    return np.clip(pixels, 0, 255).astype(np.uint8)


def _draw_shapes(scene: Scene) -> Image.Image:
    from PIL import Image, ImageDraw

    edge = SIZE * _SUPERSAMPLING
    image = Image.new("RGB", (edge, edge), BACKGROUNDS[scene.background])
    mask = Image.new("L", (edge, edge), 0)
    _draw_silhouette(ImageDraw.Draw(mask), scene)
    if scene.style == "cartoon":
        _draw_outline(image, mask)
    image.paste(_fill(scene, edge), (0, 0), mask)
    _draw_details(ImageDraw.Draw(image), scene)
    if scene.style == "framed":
        ImageDraw.Draw(image).rectangle((0, 0, edge - 1, edge - 1), outline=_BROWN, width=6 * _SUPERSAMPLING)
    return image


def _fill(scene: Scene, edge: int) -> Image.Image:
    from PIL import Image, ImageDraw

    fill = Image.new("RGB", (edge, edge), COLOURS[scene.colour])
    if scene.style == "striped":
        pen = ImageDraw.Draw(fill)
        period = 16 * _SUPERSAMPLING
        for top in range(0, edge, period):
            pen.rectangle((0, top, edge, top + period // 2 - 1), fill=_INK)
    return fill


def _draw_outline(image: Image.Image, mask: Image.Image) -> None:
    from PIL import ImageFilter

    grown = mask
    for _ in range(5):
        grown = grown.filter(ImageFilter.MaxFilter(5))
    corner = image.crop((0, 0, 1, 1)).convert("RGB").tobytes()
    ink = (12, 12, 12) if sum(corner) > 200 else (250, 250, 250)
    image.paste(ink, (0, 0), grown)


def _draw_silhouette(pen: object, scene: Scene) -> None:
    from PIL import ImageDraw

    assert isinstance(pen, ImageDraw.ImageDraw)
    x, y, r = (value * _SUPERSAMPLING for value in (*scene.centre, scene.radius))
    if scene.shape == "circle":
        pen.ellipse((x - r, y - r, x + r, y + r), fill=255)
    elif scene.shape == "square":
        pen.rectangle((x - r, y - r, x + r, y + r), fill=255)
    elif scene.shape == "triangle":
        pen.polygon([(x, y - r), (x + r, y + r), (x - r, y + r)], fill=255)
    elif scene.shape == "star":
        pen.polygon(_star(x, y, r * 1.15), fill=255)
    elif scene.shape == "house":
        pen.rectangle((x - r * 0.85, y - r * 0.15, x + r * 0.85, y + r), fill=255)
    else:
        pen.rectangle((x - r * 0.28, y - r * 0.35, x + r * 0.28, y + r * 0.45), fill=255)


def _star(x: float, y: float, r: float) -> list[tuple[float, float]]:
    points = []
    for corner in range(10):
        angle = -math.pi / 2 + corner * math.pi / 5
        reach = r if corner % 2 == 0 else r * 0.42
        points.append((x + reach * math.cos(angle), y + reach * math.sin(angle)))
    return points


def _draw_details(pen: object, scene: Scene) -> None:
    from PIL import ImageDraw

    assert isinstance(pen, ImageDraw.ImageDraw)
    x, y, r = (value * _SUPERSAMPLING for value in (*scene.centre, scene.radius))
    if scene.shape == "house":
        pen.polygon([(x, y - r * 1.05), (x + r, y - r * 0.12), (x - r, y - r * 0.12)], fill=_BROWN)
        pen.rectangle((x - r * 0.2, y + r * 0.35, x + r * 0.2, y + r), fill=_BROWN)
    elif scene.shape == "person":
        _draw_limbs(pen, x, y, r, extra_arms="bad anatomy" in scene.defects)


def _draw_limbs(pen: object, x: float, y: float, r: float, *, extra_arms: bool) -> None:
    from PIL import ImageDraw

    assert isinstance(pen, ImageDraw.ImageDraw)
    width = int(4.5 * _SUPERSAMPLING)
    for side in (-1, 1):
        pen.line((x + side * r * 0.15, y + r * 0.45, x + side * r * 0.4, y + r * 1.2), fill=_TROUSERS, width=width)
        pen.line((x + side * r * 0.25, y - r * 0.28, x + side * r * 0.9, y + r * 0.3), fill=_SKIN, width=width)
        if extra_arms:
            pen.line((x + side * r * 0.25, y - r * 0.25, x + side * r * 1.05, y - r * 0.75), fill=_SKIN, width=width)
    pen.ellipse((x - r * 0.34, y - r * 1.08, x + r * 0.34, y - r * 0.4), fill=_SKIN)


def _draw_watermark(image: Image.Image, texture: random.Random) -> None:
    from PIL import ImageDraw

    pen = ImageDraw.Draw(image)
    unit = _SUPERSAMPLING
    top = texture.choice((4, 52)) * unit
    pen.rectangle((6 * unit, top, 58 * unit, top + 8 * unit), fill=(128, 128, 128))
    for letter in range(6):
        left = (9 + letter * 8) * unit
        pen.rectangle((left, top + 2 * unit, left + 4 * unit, top + 6 * unit), fill=(225, 225, 225))


def _vignette() -> npt.NDArray[np.float32]:
    import numpy as np

    axis = (np.arange(SIZE, dtype=np.float32) + 0.5) / SIZE * 2 - 1
    distance = np.sqrt(axis[:, None] ** 2 + axis[None, :] ** 2)
    fade: npt.NDArray[np.float32] = (1 - 0.75 * np.clip((distance - 0.85) / 0.5, 0, 1)).astype(np.float32)
    return fade[:, :, None]


def _add_grain(pixels: npt.NDArray[np.float32], texture: random.Random) -> npt.NDArray[np.float32]:
    """Coarse speckles of 4 by 4 pixels: finer noise does not survive an autoencoder that shrinks eightfold."""
    import numpy as np

    dice = np.random.default_rng(texture.randrange(1 << 30))
    cells = SIZE // 4
    hit = dice.random((cells, cells)) < texture.uniform(0.15, 0.25)
    bright = np.where(dice.random((cells, cells)) < 0.5, 255.0, 0.0)
    mask = np.kron(hit, np.ones((4, 4)))[:, :, None]
    speckle = np.kron(bright, np.ones((4, 4)))[:, :, None]
    return np.asarray(np.where(mask > 0, 0.35 * pixels + 0.65 * speckle, pixels), np.float32)
