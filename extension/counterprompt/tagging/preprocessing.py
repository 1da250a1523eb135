"""Pictures prepared as a tagger's own `preprocess.json` says, for taggers that are not of the WD contract.

The layout in which the deepghs collection publishes taggers (PixAI's among them, and those of animetimm)::

    {"stages": [{"type": "resize", "size": [448, 448], "interpolation": "bicubic", "antialias": true},
                {"type": "maybe_to_tensor"},
                {"type": "normalize", "mean": [0.5, 0.5, 0.5], "std": [0.5, 0.5, 0.5]}]}

The list may also stand under "test". The picture is laid on white; then come the stages for pictures, in any number and
order (`convert_rgb`, `pad_to_size`, `resize`, `center_crop`), one that divides by 255 (`to_tensor` or
`maybe_to_tensor`), and `normalize` or not. The model gets red, green, blue. Anything else is refused, since a picture
prepared in another way than the training's gives plausible nonsense.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from counterprompt.errors import MissingModelError
from counterprompt.tagging.known_taggers import PREPROCESS_NAME
from counterprompt.tagging.picture_stages import PICTURE_STAGES, UnclearStageError, on_white, three_numbers

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    import numpy.typing as npt
    from PIL import Image

__all__ = ["PREPROCESS_NAME", "Preprocessing", "read_preprocessing"]

_SIZE_LIMIT: Final = 1 << 16
_MOST_STAGES: Final = 16
_TO_NUMBERS: Final = frozenset({"to_tensor", "maybe_to_tensor"})


@dataclass(frozen=True)
class Preprocessing:
    """What a tagger wants done to a picture."""

    path: Path
    """The file that says so."""
    stages: tuple[Callable[[Image.Image], Image.Image], ...]
    """What is done to the picture, in order."""
    mean: tuple[float, ...] = (0.0, 0.0, 0.0)
    """Taken off red, green and blue, which are then 0 to 1."""
    std: tuple[float, ...] = (1.0, 1.0, 1.0)
    """What they are divided by then, above 0."""

    def pixels(self, image: Image.Image, size: int) -> npt.NDArray[np.float32]:
        """Prepare one picture for a model of *size*: red, green, blue, shape (size, size, 3).

        Raises:
            MissingModelError: the stages end in another size.
        """
        prepared = on_white(image)
        for stage in self.stages:
            prepared = stage(prepared)
        if prepared.size != (size, size):
            raise MissingModelError(
                f"{self.path} makes pictures of {prepared.width}x{prepared.height} pixels, but the model wants "
                f"{size}x{size}; download the tagger again."
            )
        scaled: npt.NDArray[np.float32] = np.asarray(prepared, dtype=np.float32) / np.float32(255)
        mean, std = np.array(self.mean, dtype=np.float32), np.array(self.std, dtype=np.float32)
        normalised: npt.NDArray[np.float32] = (scaled - mean) / std
        return normalised


def read_preprocessing(path: Path) -> Preprocessing:
    """Read a `preprocess.json`.

    Raises:
        MissingModelError: it cannot be read, or asks for something that is not clear; the sentence says what.
    """
    try:
        if path.stat().st_size > _SIZE_LIMIT:
            raise UnclearStageError("is larger than 64 KiB")
        content = json.loads(path.read_text(encoding="utf-8-sig"))
        return _parse(content, path)
    except (OSError, ValueError, RecursionError) as error:
        raise MissingModelError(f"{path} cannot be read ({error}); download the tagger again.") from error
    except UnclearStageError as error:
        raise MissingModelError(
            f"The tagger beside {path} cannot be used, for that file {error}; choose a WD tagger."
        ) from error


def _parse(content: Any, path: Path) -> Preprocessing:
    listed = content.get("stages", content.get("test")) if isinstance(content, dict) else None
    if not isinstance(listed, list) or not 0 < len(listed) <= _MOST_STAGES:
        raise UnclearStageError('has no list of 1 to 16 "stages"')
    if not all(isinstance(stage, dict) for stage in listed):
        raise UnclearStageError("holds a stage that is no object")
    kinds = [str(stage.get("type")) for stage in listed]
    at = next((index for index, kind in enumerate(kinds) if kind in _TO_NUMBERS), len(kinds))
    if at == len(kinds):
        raise UnclearStageError("never turns the picture into numbers (to_tensor)")
    stages = tuple(_picture_stage(kind, options) for kind, options in zip(kinds[:at], listed))
    rest = listed[at + 1 :]
    if not rest:
        return Preprocessing(path, stages)
    if kinds[at + 1 :] != ["normalize"]:
        raise UnclearStageError(
            f"asks for {', '.join(kinds[at + 1 :])} after {kinds[at]}, where only normalize is known"
        )
    std = three_numbers(rest[0], "std")
    if min(std) <= 0:
        raise UnclearStageError(f"divides by {std}")
    return Preprocessing(path, stages, three_numbers(rest[0], "mean"), std)


def _picture_stage(kind: str, options: Mapping[str, Any]) -> Callable[[Image.Image], Image.Image]:
    if kind not in PICTURE_STAGES:
        raise UnclearStageError(f"asks for the stage {kind!r}, which is not known here")
    return PICTURE_STAGES[kind](options)
