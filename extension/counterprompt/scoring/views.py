"""Turns pictures into the arrays a CLIP takes: one path for every picture of a study."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy.typing as npt

    ViewRule = Callable[[Image.Image, int], list[Image.Image]]
    """Gives the square views, of so many pixels, that a CLIP sees of a picture: at least one."""

_THREADS: Final = min(8, os.cpu_count() or 1)
_LONGEST: Final = 32
"""How many times its shorter edge the longer one may be; of what lies beyond, a centre crop shows nothing."""
_WORTH_A_THREAD: Final = 256
"""Edge in pixels below which a thread costs more than it saves."""


def centre_crop(image: Image.Image, size: int) -> Image.Image:
    """Resize the shorter side to *size* pixels and cut the middle square, as CLIP was trained.

    Bicubic with antialiasing, on 8 bits; sizes and offsets round as torchvision's Resize and CenterCrop do, which
    makes the numbers those of OpenAI's own preprocessing.
    """
    image = _without_ends(image)
    width, height = image.size
    shorter = min(width, height)
    scaled = (max(1, size * width // shorter), max(1, size * height // shorter))
    resized = image if scaled == image.size else image.resize(scaled, Image.Resampling.BICUBIC)
    left, top = round((scaled[0] - size) / 2.0), round((scaled[1] - size) / 2.0)
    return resized.crop((left, top, left + size, top + size))


def _without_ends(image: Image.Image) -> Image.Image:
    """Cut a picture that is far longer than wide down to its middle: the rest, enlarged, would take gigabytes."""
    longest = _LONGEST * min(image.size)
    if max(image.size) <= longest:
        return image
    width, height = (min(edge, longest) for edge in image.size)
    left, top = (image.width - width) // 2, (image.height - height) // 2
    return image.crop((left, top, left + width, top + height))


def full_frame(image: Image.Image, size: int) -> Image.Image:
    """Squash the whole picture into a square of *size* pixels: what the centre crop cuts off is seen here."""
    return image.resize((size, size), Image.Resampling.BICUBIC)


def padded_frame(image: Image.Image, size: int) -> Image.Image:
    """Fit the longer side into a square of *size* pixels and fill what is left with black, the picture in the middle.

    So HPSv2 was trained (tgxs002/HPSv2, ResizeMaxSize); the odd pixel goes to the right and to the bottom.
    """
    scale = size / max(image.size)
    width, height = (max(1, round(edge * scale)) for edge in image.size)
    square = Image.new("RGB", (size, size))
    square.paste(image.resize((width, height), Image.Resampling.BICUBIC), ((size - width) // 2, (size - height) // 2))
    return square


def picture_views(image: Image.Image, size: int) -> list[Image.Image]:
    """Return the centre crop and, where the picture is not square, the full frame as well; RGB, *size* pixels."""
    picture = image.convert("RGB")
    if picture.width == picture.height:
        return [centre_crop(picture, size)]
    return [centre_crop(picture, size), full_frame(picture, size)]


def crop_view(image: Image.Image, size: int) -> list[Image.Image]:
    """Return the centre crop alone, as PickScore was trained."""
    return [centre_crop(image.convert("RGB"), size)]


def padded_view(image: Image.Image, size: int) -> list[Image.Image]:
    """Return the padded frame alone, as HPSv2 was trained."""
    return [padded_frame(image.convert("RGB"), size)]


def views_of(images: Sequence[Image.Image], size: int, rule: ViewRule = picture_views) -> list[list[Image.Image]]:
    """Return the views of each picture, in order; Pillow lets other threads run while it resizes."""
    if _THREADS == 1 or len(images) < _THREADS or min(images[0].size) < _WORTH_A_THREAD:
        return [rule(image, size) for image in images]
    with ThreadPoolExecutor(_THREADS) as threads:
        return list(threads.map(lambda image: rule(image, size), images))


def normalised_batch(
    views: Sequence[Image.Image],
    mean: tuple[float, float, float],
    std: tuple[float, float, float],
    device: str = "cpu",
) -> Any:
    """Stack equally large RGB views on *device*; the bytes travel there, a quarter of what floats would be.

    Returns:
        Float32 tensor of shape (n, 3, height, width), (pixel / 255 - mean) / std for each channel.
    """
    import torch

    levels: npt.NDArray[np.uint8] = np.stack([np.asarray(view, dtype=np.uint8) for view in views])  # (n, h, w, 3)
    pixels = torch.from_numpy(levels).to(device).permute(0, 3, 1, 2).contiguous().float()
    factor = torch.tensor([1.0 / (255.0 * each) for each in std], device=device)[:, None, None]
    offset = torch.tensor([centre / each for centre, each in zip(mean, std)], device=device)[:, None, None]
    return pixels.mul_(factor).sub_(offset)
