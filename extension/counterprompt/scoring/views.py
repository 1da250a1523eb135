"""Turns pictures into the arrays a CLIP takes: one path for every picture of a study."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt


def centre_crop(image: Image.Image, size: int) -> Image.Image:
    """Resize the shorter side to *size* pixels and cut the middle square, as CLIP was trained.

    Bicubic with antialiasing, on 8 bits; sizes and offsets round as torchvision's Resize and CenterCrop do, which
    makes the numbers those of OpenAI's own preprocessing.
    """
    width, height = image.size
    shorter = min(width, height)
    scaled = (max(1, size * width // shorter), max(1, size * height // shorter))
    resized = image if scaled == image.size else image.resize(scaled, Image.Resampling.BICUBIC)
    left, top = round((scaled[0] - size) / 2.0), round((scaled[1] - size) / 2.0)
    return resized.crop((left, top, left + size, top + size))


def full_frame(image: Image.Image, size: int) -> Image.Image:
    """Squash the whole picture into a square of *size* pixels: what the centre crop cuts off is seen here."""
    return image.resize((size, size), Image.Resampling.BICUBIC)


def picture_views(image: Image.Image, size: int) -> list[Image.Image]:
    """Return the centre crop and, where the picture is not square, the full frame as well; RGB, *size* pixels."""
    picture = image.convert("RGB")
    if picture.width == picture.height:
        return [centre_crop(picture, size)]
    return [centre_crop(picture, size), full_frame(picture, size)]


def normalised_batch(
    views: Sequence[Image.Image], mean: tuple[float, float, float], std: tuple[float, float, float]
) -> npt.NDArray[np.float32]:
    """Stack equally large RGB views.

    Returns:
        Shape (n, 3, height, width), (pixel / 255 - mean) / std for each channel.
    """
    pixels = np.stack([np.asarray(view, dtype=np.float32) for view in views]) / np.float32(255.0)  # (n, h, w, 3)
    scaled = (pixels - np.array(mean, dtype=np.float32)) / np.array(std, dtype=np.float32)
    return np.ascontiguousarray(scaled.transpose(0, 3, 1, 2), dtype=np.float32)
