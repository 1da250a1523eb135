"""The first-pass size of infotexts before 2023, which name the upscaled size as "Size"."""

from __future__ import annotations

import math

_BASE_PIXELS = 512 * 512
_GRID = 64


def first_pass_size(size: tuple[int, int] | None, written: tuple[int, int] | None) -> tuple[int, int] | None:
    """Return the first pass's width and height in pixels, or None where the infotext names none.

    "0x0" meant "let the WebUI choose": about 512x512 pixels in the picture's shape, each side rounded up to a multiple
    of 64 (WebUI 1.10.1, modules/processing.py, old_hires_fix_first_pass_dimensions).
    """
    if written is None or 0 not in written:
        return written
    if size is None or 0 in size:
        return None
    scale = math.sqrt(_BASE_PIXELS / (size[0] * size[1]))
    return (math.ceil(scale * size[0] / _GRID) * _GRID, math.ceil(scale * size[1] / _GRID) * _GRID)
