"""Damages pictures on purpose, so that a scorer can be asked whether it notices."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from PIL import Image, ImageEnhance, ImageFilter

from counterprompt.errors import InvalidInputError

if TYPE_CHECKING:
    from collections.abc import Sequence

DAMAGES: Final = ("blurry", "noisy", "overexposed", "underexposed", "jpeg artifacts")
"""Every damage that can be done, named after the defect term that it causes."""
_BLUR_SHARE: Final = 0.035
_NOISE_SIGMA: Final = 0.16
_SPECKLED_SHARE: Final = 0.12
_JPEG_QUALITY: Final = 4
_PART: Final = 0.75
_SMALLEST_PART: Final = 48


@dataclass(frozen=True, eq=False)
class DamagedPair:
    """One picture in good and in damaged form."""

    defect: str
    """The defect term that tells the two apart."""
    good: Image.Image
    damaged: Image.Image


def damage_picture(image: Image.Image, defect: str, seed: int = 0) -> Image.Image:
    """Return *image* (RGB) with *defect* added, so strongly that a person sees it at a glance.

    "blurry" is a Gaussian blur of 3.5 % of the shorter side; "noisy" adds Gaussian noise and speckles; exposure is
    multiplied by 1.9 and lifted, or by 0.3; "jpeg artifacts" come from JPEG of quality 4 of 100.

    Raises:
        InvalidInputError: *defect* is not one of `DAMAGES`.
    """
    picture = image.convert("RGB")
    if defect == "blurry":
        return picture.filter(ImageFilter.GaussianBlur(max(1.0, _BLUR_SHARE * min(picture.size))))
    if defect == "noisy":
        return _with_noise(picture, seed)
    if defect == "overexposed":
        return picture.point(lambda level: min(255, int(level * 1.9 + 40)))
    if defect == "underexposed":
        return ImageEnhance.Brightness(picture).enhance(0.3)
    if defect == "jpeg artifacts":
        return _compressed(picture)
    raise InvalidInputError(f'A picture cannot be made "{defect}" on purpose; choose one of {", ".join(DAMAGES)}.')


def damaged_pairs(images: Sequence[Image.Image], defects: Sequence[str] = DAMAGES) -> list[DamagedPair]:
    """Pair every picture with each of its damaged forms; *defects* that are not in `DAMAGES` are skipped."""
    return [
        DamagedPair(defect, image, damage_picture(image, defect, seed))
        for defect in DAMAGES
        if defect in defects
        for seed, image in enumerate(images)
    ]


def picture_parts(image: Image.Image) -> list[Image.Image]:
    """Return *image* and, where it is large enough, its four corners of three quarters each edge.

    One pair for each damage would let a blind scorer pass half of the time.
    """
    width, height = (round(edge * _PART) for edge in image.size)
    if min(width, height) < _SMALLEST_PART:
        return [image]
    corners = [(left, top) for left in (0, image.width - width) for top in (0, image.height - height)]
    return [image, *(image.crop((left, top, left + width, top + height)) for left, top in corners)]


def _compressed(picture: Image.Image) -> Image.Image:
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=_JPEG_QUALITY)
    with Image.open(io.BytesIO(file.getvalue())) as damaged:
        return damaged.convert("RGB")


def _with_noise(picture: Image.Image, seed: int) -> Image.Image:
    rng = np.random.default_rng(seed)
    pixels = np.asarray(picture, dtype=np.float64) / 255.0  # (h, w, 3)
    noisy = pixels + rng.normal(0.0, _NOISE_SIGMA, pixels.shape)
    speckled = rng.random(pixels.shape[:2]) < _SPECKLED_SHARE
    noisy[speckled] = rng.random((int(speckled.sum()), 3))
    return Image.fromarray(np.rint(np.clip(noisy, 0.0, 1.0) * 255.0).astype(np.uint8))
