"""Signal measures: plain arithmetic on pixels that notices pictures which broke in ways a CLIP forgives.

They are guards, compared with the baseline's values, never rewards.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt
    from PIL import Image

SIGNAL_NAMES: Final = ("clipped", "saturation", "sharpness", "noise", "flatness")
_CLIP_MARGIN: Final = 1


def measure_signals(image: Image.Image) -> dict[str, float]:
    """Measure one picture; every value lies within 0 to 1.

    Returns:
        ``clipped``: share of channel values at most 1 or at least 254 of 255.
        ``saturation``: mean saturation of the HSV colour model.
        ``sharpness``: variance of the Laplacian of the luma (ITU-R BT.601, 0 to 1), cut off at 1.
        ``noise``: standard deviation of fine noise in the luma by Immerkaer's estimate, cut off at 1.
        ``flatness``: 1 minus the entropy of the luma's 256-bin histogram over 8 bits; 1 is one single grey.
    """
    picture = image.convert("RGB")
    grey = picture.convert("L")
    luma = np.asarray(grey, dtype=np.float32) / np.float32(255.0)  # (h, w), 0 to 1
    saturation = np.asarray(picture.convert("HSV").getchannel("S"))
    return {
        "clipped": _clipped(picture.histogram()),
        "saturation": float(saturation.mean(dtype=np.float64)) / 255.0,
        "sharpness": min(laplacian_variance(luma), 1.0),
        "noise": min(noise_sigma(luma), 1.0),
        "flatness": _flatness(np.array(grey.histogram(), dtype=np.float64)),
    }


def laplacian_variance(luma: npt.NDArray[np.floating]) -> float:
    """Variance of the 4-neighbour Laplacian inside the border; 0 where the picture is smaller than 3 by 3 pixels."""
    if min(luma.shape) < 3:
        return 0.0
    middle = luma[1:-1, 1:-1]
    laplacian = luma[:-2, 1:-1] + luma[2:, 1:-1] + luma[1:-1, :-2] + luma[1:-1, 2:] - 4.0 * middle
    return float(laplacian.var(dtype=np.float64))


def noise_sigma(luma: npt.NDArray[np.floating]) -> float:
    """Estimate the standard deviation of white noise; 0 where the picture is smaller than 3 by 3 pixels.

    Immerkaer, "Fast Noise Variance Estimation" (1996): sqrt(pi / 2) * mean |mask * luma| / 6, where the mask is the
    difference of two Laplacians and so ignores edges that are straight.
    """
    if min(luma.shape) < 3:
        return 0.0
    rows = luma[:-2] - 2.0 * luma[1:-1] + luma[2:]
    masked = rows[:, :-2] - 2.0 * rows[:, 1:-1] + rows[:, 2:]
    return float(math.sqrt(math.pi / 2.0) * np.abs(masked).mean(dtype=np.float64) / 6.0)


def _clipped(histogram: list[int]) -> float:
    """Take 256 counts for each channel, one channel after the other."""
    levels = np.array(histogram, dtype=np.int64).reshape(-1, 256)
    outer = levels[:, : _CLIP_MARGIN + 1].sum() + levels[:, -_CLIP_MARGIN - 1 :].sum()
    return float(outer / levels.sum())


def _flatness(histogram: npt.NDArray[np.float64]) -> float:
    shares = histogram[histogram > 0] / histogram.sum()
    return float(np.clip(1.0 + (shares * np.log2(shares)).sum() / 8.0, 0.0, 1.0))
