"""The WD tagger: reads what a picture shows with an ONNX model in the contract of SmilingWolf's taggers (v2, v3).

Folder layout (the same for the miniature and for folders downloaded from the Hugging Face hub)::

    model.onnx          one input, float32 (batch, height, width, 3): BGR, 0 to 255, padded to a square on white;
                        height and width are equal and fixed, the batch is dynamic or fixed.
                        Output 0, float32 (batch, tags): confidences 0 to 1, the sigmoid already applied
    selected_tags.csv   tag_id,name,category,count: one row for each output, in order (see `labels`)
    thresholds.json     optional (see `thresholds`)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from PIL import Image

from counterprompt.errors import MissingModelError
from counterprompt.tagging.labels import LABELS_NAME, read_labels
from counterprompt.tagging.sessions import shared_session
from counterprompt.tagging.tagger_files import locate_files
from counterprompt.tagging.thresholds import thresholds_for, widest_gap_threshold
from counterprompt.tags.observed import ObservedTag, ObservedTags, TagCategory

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    import numpy.typing as npt

    from counterprompt.tagging.thresholds import TaggerThresholds

_USUAL_SIZE: Final = 448


class WdTagger:
    """Implements `ports.Tagger`; the model is loaded when the first picture comes.

    Args:
        folder: holds the files named above, by these or other names; or the ONNX file itself, see `tagger_files`.
        thresholds: least confidences; None takes the folder's.
        widest_gap: cut each picture's general tags at their widest gap instead of the general threshold (MCut).
        open_session: opens the ONNX file when the first picture comes.
        batch_size: pictures that go through a model with a dynamic batch at once.

    Raises:
        MissingModelError: the folder, the model or the label file is missing or broken.
    """

    def __init__(
        self,
        folder: Path,
        *,
        thresholds: TaggerThresholds | None = None,
        widest_gap: bool = False,
        open_session: Callable[[Path], Any] = shared_session,
        batch_size: int = 8,
    ) -> None:
        files = locate_files(folder)
        self._model, self._folder = files.model, files.home
        self._labels = read_labels(files.labels)
        self._thresholds = thresholds_for(self._folder) if thresholds is None else thresholds
        self._widest_gap = widest_gap
        self._open = open_session
        self._batch_size = max(1, batch_size)
        self._session: Any = None
        self._vocabulary = frozenset(label.name for label in self._labels)

    @property
    def name(self) -> str:
        """The model's folder, for reports."""
        return self._folder.name

    @property
    def vocabulary(self) -> frozenset[str]:
        """Every tag it could give, with spaces instead of underscores."""
        return self._vocabulary

    def tag(self, images: Sequence[Image.Image]) -> list[ObservedTags]:
        """Tag each picture, in order; of the ratings only the most likely one is given.

        Raises:
            MissingModelError: the model cannot be loaded or does not fit its label file.
        """
        return [self._observe(row) for row in self.confidences(images)]

    def confidences(self, images: Sequence[Image.Image]) -> npt.NDArray[np.float32]:
        """Return the model's raw output for each picture: 0 to 1, shape (n, tags), columns as in the label file."""
        if self._session is None:
            self._session = self._open_session()
        source = self._session.get_inputs()[0]
        size = source.shape[1] if isinstance(source.shape[1], int) else _USUAL_SIZE
        fixed = source.shape[0] if isinstance(source.shape[0], int) else 0
        rows = [np.zeros((0, len(self._labels)), dtype=np.float32)]
        for batch in _batches(images, fixed or self._batch_size):
            pixels = np.stack([wd_pixels(image, size) for image in batch])
            missing = max(0, fixed - len(batch))
            padded = np.concatenate([pixels, np.zeros((missing, *pixels.shape[1:]), dtype=np.float32)])
            rows.append(self._run(source.name, padded)[: len(batch)])
        return np.concatenate(rows)

    def _run(self, input_name: str, pixels: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        output: npt.NDArray[np.float32] = np.asarray(self._session.run(None, {input_name: pixels})[0], dtype=np.float32)
        if output.ndim != 2 or output.shape[1] != len(self._labels):
            raise MissingModelError(_misfit(self._folder, list(output.shape), len(self._labels)))
        return output

    def _observe(self, row: npt.NDArray[np.float32]) -> ObservedTags:
        seen = [ObservedTag(label.name, label.category, float(value)) for label, value in zip(self._labels, row)]
        ratings = [tag for tag in seen if tag.category is TagCategory.RATING]
        general = self._thresholds.general
        if self._widest_gap:
            general = widest_gap_threshold([tag.confidence for tag in seen if tag.category is TagCategory.GENERAL])
        least = {TagCategory.GENERAL: general, TagCategory.CHARACTER: self._thresholds.character}
        passed = [
            tag
            for tag in seen
            if tag.category in least and tag.confidence >= self._thresholds.tags.get(tag.name, least[tag.category])
        ]
        if ratings:
            passed.append(max(ratings, key=lambda tag: tag.confidence))
        ordered = sorted(passed, key=lambda tag: (-tag.confidence, tag.name))
        return ObservedTags(tuple(ordered), self._vocabulary)

    def _open_session(self) -> Any:
        session = self._open(self._model)
        _check_contract(session, self._folder, len(self._labels))
        return session


def wd_pixels(image: Image.Image, size: int) -> npt.NDArray[np.float32]:
    """Prepare one picture as WD taggers were trained: on white, padded to a square, bicubic, BGR.

    Returns:
        Shape (size, size, 3), 0 to 255.
    """
    opaque = image.convert("RGB")
    if image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info:
        layer = image.convert("RGBA")
        opaque = Image.alpha_composite(Image.new("RGBA", layer.size, (255, 255, 255, 255)), layer).convert("RGB")
    edge = max(opaque.size)
    square = Image.new("RGB", (edge, edge), (255, 255, 255))
    square.paste(opaque, ((edge - opaque.width) // 2, (edge - opaque.height) // 2))
    if edge != size:
        square = square.resize((size, size), Image.Resampling.BICUBIC)
    return np.ascontiguousarray(np.asarray(square, dtype=np.float32)[:, :, ::-1])


def _batches(images: Sequence[Image.Image], size: int) -> Iterator[Sequence[Image.Image]]:
    for start in range(0, len(images), size):
        yield images[start : start + size]


def _check_contract(session: Any, folder: Path, labels: int) -> None:
    taken, given = session.get_inputs()[0].shape, session.get_outputs()[0].shape
    if len(taken) != 4 or taken[3] != 3 or (isinstance(taken[1], int) and taken[1] != taken[2]):
        raise MissingModelError(
            f"The tagger model in {folder} takes {taken}, not (batch, size, size, 3); use a WD tagger's ONNX file."
        )
    if isinstance(given[-1], int) and given[-1] != labels:
        raise MissingModelError(_misfit(folder, given, labels))


def _misfit(folder: Path, given: Sequence[object], labels: int) -> str:
    return (
        f"The tagger model in {folder} gives {given[-1]} confidences, but its {LABELS_NAME} lists {labels} tags; "
        "download both from the same place."
    )
