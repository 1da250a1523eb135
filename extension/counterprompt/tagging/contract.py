"""What a WD tagger's ONNX model takes, read from the model itself, and pictures turned into it.

The generations differ in their shape only (SmilingWolf's v1.4, v2 and v3, and re-exports of them): the batch is free or
fixed, mostly at 1; channels stand last (NHWC) or first (NCHW); numbers have 32 or 16 bits. All of them want the picture
whole, on a white square, its channels blue, green, red, its values 0 to 255.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from PIL import Image

from counterprompt.errors import MissingModelError
from counterprompt.tagging.picture_stages import on_white

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    import numpy.typing as npt

_USUAL_SIZE: Final = 448
_FLOAT_TYPES: Final = {"tensor(float)": "float32", "tensor(float16)": "float16"}
_CHANNELS: Final = 3
_LONGEST: Final = 8192
"""Pixels of an edge above which a picture is scaled down before its square is made: that of a thread of pixels, some
kilobytes in a file, would take gigabytes."""


@dataclass(frozen=True)
class InputContract:
    """The one input of a model."""

    name: str
    """What the model calls it."""
    size: int
    """Edge of the square picture, in pixels."""
    has_channels_first: bool
    """Whether it takes (batch, 3, size, size) instead of (batch, size, size, 3)."""
    batch: int | None
    """Pictures it takes at once, at least 1; None where that is free."""
    float_type: str
    """"float32" or "float16"."""

    def array(
        self,
        images: Sequence[Image.Image],
        prepare: Callable[[Image.Image, int], npt.NDArray[np.float32]] | None = None,
    ) -> npt.NDArray[np.floating[Any]]:
        """Prepare at least one picture, and where the batch is fixed at most so many; empty places are zero.

        Args:
            images: the pictures.
            prepare: turns a picture into the numbers of a square of that size, (size, size, 3); None: `wd_pixels`.

        Returns:
            What *prepare* made of them, shape (n, size, size, 3) or (n, 3, size, size).
        """
        prepare = prepare or wd_pixels
        rows = len(images) if self.batch is None else self.batch
        prepared = np.zeros((rows, self.size, self.size, _CHANNELS), dtype=self.float_type)
        for row, image in enumerate(images):
            prepared[row] = prepare(image, self.size)
        return np.ascontiguousarray(prepared.transpose(0, 3, 1, 2)) if self.has_channels_first else prepared


def read_input_contract(source: Any, folder: Path) -> InputContract:
    """Read the contract off *source*, an entry of onnxruntime's `get_inputs()` of the model in *folder*.

    Raises:
        MissingModelError: it takes no square pictures of three channels, or no floating-point numbers.
    """
    shape = list(source.shape)
    edges = _edges(shape)
    if edges is None or source.type not in _FLOAT_TYPES:
        raise MissingModelError(
            f"The tagger model in {folder} takes {source.type} {shape}, not (batch, size, size, 3) or "
            "(batch, 3, size, size) of floating-point numbers; use a WD tagger's ONNX file."
        )
    fixed = [edge for edge in edges if isinstance(edge, int)]
    return InputContract(
        name=source.name,
        size=fixed[0] if fixed else _USUAL_SIZE,
        has_channels_first=shape[3] != _CHANNELS,
        batch=shape[0] if isinstance(shape[0], int) and shape[0] > 0 else None,
        float_type=_FLOAT_TYPES[source.type],
    )


def wd_pixels(image: Image.Image, size: int) -> npt.NDArray[np.float32]:
    """Prepare one picture as WD taggers were trained: on white, padded to a square, bicubic, BGR.

    Returns:
        Shape (size, size, 3), 0 to 255.
    """
    opaque = on_white(image)
    if max(opaque.size) > _LONGEST:
        scale = _LONGEST / max(opaque.size)
        width, height = (max(1, round(edge * scale)) for edge in opaque.size)
        opaque = opaque.resize((width, height), Image.Resampling.BICUBIC)
    edge = max(opaque.size)
    square = opaque
    if opaque.width != opaque.height:
        square = Image.new("RGB", (edge, edge), (255, 255, 255))
        square.paste(opaque, ((edge - opaque.width) // 2, (edge - opaque.height) // 2))
    if edge != size:
        square = square.resize((size, size), Image.Resampling.BICUBIC)
    return np.ascontiguousarray(np.asarray(square, dtype=np.float32)[:, :, ::-1])


def _edges(shape: Sequence[object]) -> tuple[object, object] | None:
    """Return height and width as the model states them, or None where these are no square pictures in colour."""
    if len(shape) != 4 or _CHANNELS not in (shape[1], shape[3]):
        return None
    height, width = (shape[1], shape[2]) if shape[3] == _CHANNELS else (shape[2], shape[3])
    is_square = not (isinstance(height, int) and isinstance(width, int)) or height == width
    return (height, width) if is_square else None
