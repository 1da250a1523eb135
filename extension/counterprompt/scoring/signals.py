"""Signal measures: plain arithmetic on pixels that notices pictures which broke in ways a CLIP forgives.

They are guards, compared with the baseline's values, never rewards. They look at the picture as it is, not at the small
view that a CLIP takes: shrinking removes the noise and the blur that they watch for. All of it is done in whole numbers
and on many pictures at once, so a card and a processor give the same values.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from PIL import Image

SIGNAL_NAMES: Final = ("clipped", "saturation", "sharpness", "noise", "flatness")
_CACHED_PIXELS: Final = 1 << 18
"""Pixels measured at once on a processor: what its cache holds."""
_CARD_PIXELS: Final = 1 << 24
"""Pixels measured at once on a card: some 500 MB."""


def measure_signals(images: Sequence[Image.Image], device: str = "cpu") -> list[dict[str, float]]:
    """Measure each picture, in order; every value lies within 0 to 1.

    Args:
        images: pictures of any size and mode.
        device: where to reckon; a card that lacks the memory leaves it to the processor.

    Returns:
        ``clipped``: share of channel values at most 1 or at least 254 of 255.
        ``saturation``: mean saturation of the HSV colour model, cut to 8 bits as Pillow does.
        ``sharpness``: variance of the 4-neighbour Laplacian of the luma (ITU-R BT.601 in 8 bits, 0 to 1), cut off at 1.
        ``noise``: standard deviation of fine noise in the luma by Immerkaer's estimate, cut off at 1.
        ``flatness``: 1 minus the entropy of the luma's 256-bin histogram over 8 bits; 1 is one single grey.
    """
    import torch

    try:
        return _measure(images, device)
    except torch.cuda.OutOfMemoryError:
        if device == "cpu":
            raise
    return _measure(images, "cpu")


def laplacian_variance(luma: Any) -> Any:
    """Variance of the 4-neighbour Laplacian inside the border, in squared levels.

    Args:
        luma: whole levels 0 to 255 as int16, shape (n, h, w).

    Returns:
        Shape (n,), float64; 0 where pictures are smaller than 3 by 3 pixels.
    """
    import torch

    if min(luma.shape[1:]) < 3:
        return torch.zeros(len(luma), dtype=torch.float64)
    laplacian = luma[:, 1:-1, 1:-1] * -4
    for neighbours in (luma[:, :-2, 1:-1], luma[:, 2:, 1:-1], luma[:, 1:-1, :-2], luma[:, 1:-1, 2:]):
        laplacian += neighbours
    flat = laplacian.flatten(1).float()  # up to 1020, whose squares a float still holds exactly
    mean = flat.sum(1, dtype=torch.float64).cpu() / flat.shape[1]
    return (flat.square_().sum(1, dtype=torch.float64).cpu() / flat.shape[1] - mean * mean).clamp(min=0.0)


def noise_sigma(luma: Any) -> Any:
    """Estimate the standard deviation of white noise, in levels.

    Immerkaer, "Fast Noise Variance Estimation" (1996): sqrt(pi / 2) * mean |mask * luma| / 6, where the mask is the
    difference of two Laplacians and so ignores edges that are straight.

    Args:
        luma: whole levels 0 to 255 as int16, shape (n, h, w).

    Returns:
        Shape (n,), float64; 0 where pictures are smaller than 3 by 3 pixels.
    """
    import torch

    if min(luma.shape[1:]) < 3:
        return torch.zeros(len(luma), dtype=torch.float64)
    rows = luma[:, 1:-1] * -2
    rows += luma[:, :-2]
    rows += luma[:, 2:]
    masked = rows[:, :, 1:-1] * -2
    masked += rows[:, :, :-2]
    masked += rows[:, :, 2:]
    masked = masked.abs_().flatten(1)
    return masked.sum(1, dtype=torch.int64).double().cpu() / masked.shape[1] * (math.sqrt(math.pi / 2.0) / 6.0)


def _measure(images: Sequence[Image.Image], device: str) -> list[dict[str, float]]:
    import torch

    limit = _CACHED_PIXELS if device == "cpu" else _CARD_PIXELS
    found: list[dict[str, float]] = []
    for group in _equal_sizes(images, limit):
        levels = torch.from_numpy(np.stack([np.asarray(image.convert("RGB")) for image in group])).to(device)
        found += _measure_levels(levels)
    return found


def _equal_sizes(images: Sequence[Image.Image], limit: int) -> Iterator[list[Image.Image]]:
    """Give runs of equally large pictures of at most *limit* pixels together, or single ones."""
    run: list[Image.Image] = []
    for image in images:
        if run and (image.size != run[0].size or (len(run) + 1) * image.width * image.height > limit):
            yield run
            run = []
        run.append(image)
    if run:
        yield run


def _measure_levels(levels: Any) -> list[dict[str, float]]:
    """Measure pictures given as uint8 of shape (n, h, w, 3)."""
    red, green, blue = (levels[..., channel].contiguous() for channel in range(3))
    luma = _luma(red, green, blue)
    columns = {
        "clipped": _clipped(levels),
        "saturation": _saturation(red, green, blue),
        "sharpness": (laplacian_variance(luma) / 255.0**2).clamp(max=1.0),
        "noise": (noise_sigma(luma) / 255.0).clamp(max=1.0),
        "flatness": _flatness(luma),
    }
    return [dict(zip(columns, row)) for row in zip(*(column.tolist() for column in columns.values()))]


def _luma(red: Any, green: Any, blue: Any) -> Any:
    """Weigh the channels by ITU-R BT.601 in 16-bit fixed point, rounded: Pillow's own, int16 of shape (n, h, w)."""
    import torch

    luma = red.to(torch.int32).mul_(19595)
    luma.add_(green.to(torch.int32), alpha=38470).add_(blue.to(torch.int32), alpha=7471).add_(1 << 15)
    return luma.bitwise_right_shift_(16).to(torch.int16)


def _clipped(levels: Any) -> Any:
    import torch

    # Two lower, 0 and 1 wrap to 254 and 255, and 254 and 255 become 252 and 253: the only bytes whose upper six bits
    # are all set. Shifts find them many times faster than torch compares bytes on a processor.
    ends = ((levels - 2) >> 2).add_(1) >> 6
    return ends.flatten(1).sum(1, dtype=torch.int32).double().cpu() / levels[0].numel()


def _saturation(red: Any, green: Any, blue: Any) -> Any:
    import torch

    highest = torch.maximum(torch.maximum(red, green), blue)
    span = (highest - torch.minimum(torch.minimum(red, green), blue)).float()
    shares = (span.mul_(255.0) / highest.clamp(min=1).float()).floor_().to(torch.uint8)
    return shares.flatten(1).sum(1, dtype=torch.int64).double().cpu() / (255.0 * shares[0].numel())


def _flatness(luma: Any) -> Any:
    import torch

    offsets = torch.arange(len(luma), device=luma.device, dtype=torch.int32)[:, None] * 256
    counts = torch.bincount((luma.flatten(1) + offsets).flatten(), minlength=256 * len(luma)).reshape(-1, 256)
    shares = counts.double().cpu() / luma[0].numel()
    bits = torch.xlogy(shares, shares).sum(1) / math.log(2.0)
    return (1.0 + bits / 8.0).clamp(0.0, 1.0)
