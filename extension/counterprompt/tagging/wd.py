"""The WD tagger: reads what a picture shows with an ONNX model in the contract of SmilingWolf's taggers (v1.4, v2, v3).

Folder layout (the same for the miniature and for folders downloaded from the Hugging Face hub)::

    model.onnx          one input, pictures as `contract` describes them.
                        Output 0, (batch, tags): confidences 0 to 1, the sigmoid already applied
    selected_tags.csv   tag_id,name,category,count: one row for each output, in order (see `labels`)
    thresholds.json     optional (see `model_thresholds`)
    preprocess.json     optional: what is done to a picture instead (see `preprocessing`)

A model may have more outputs (PixAI's give an embedding and logits too): the confidences are those called "prediction"
or "output", and where no output is called so, the first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from counterprompt.errors import CounterpromptError, MissingModelError
from counterprompt.tagging.contract import read_input_contract
from counterprompt.tagging.labels import LABELS_NAME, read_labels
from counterprompt.tagging.model_thresholds import thresholds_for
from counterprompt.tagging.preprocessing import PREPROCESS_NAME, read_preprocessing
from counterprompt.tagging.providers import first_line
from counterprompt.tagging.selection import TagSelection
from counterprompt.tagging.sessions import shared_session
from counterprompt.tagging.tagger_files import locate_files

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence
    from pathlib import Path

    import numpy.typing as npt
    from PIL import Image

    from counterprompt.tagging.thresholds import TaggerThresholds
    from counterprompt.tags.observed import ObservedTags, TagCategory

_OUTPUT_NAMES: Final = ("prediction", "output")
_ROUNDING: Final = 1e-3


class WdTagger:
    """Implements `ports.Tagger`; the model is loaded when the first picture comes.

    Args:
        folder: holds the files named above, by these or other names; or the ONNX file itself, see `tagger_files`.
        thresholds: least confidences; None takes the folder's.
        general: overrules the threshold of general tags, 0 to 1.
        character: overrules the threshold of names, 0 to 1.
        widest_gap: categories to cut at their widest gap (MCut), see `selection`.
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
        general: float | None = None,
        character: float | None = None,
        widest_gap: Collection[TagCategory] = (),
        open_session: Callable[[Path], Any] = shared_session,
        batch_size: int = 8,
    ) -> None:
        files = locate_files(folder)
        self._model, self._folder = files.model, files.home
        steps = self._folder / PREPROCESS_NAME
        self._prepare = read_preprocessing(steps).pixels if steps.is_file() else None
        self._labels = read_labels(files.labels)
        chosen = thresholds or thresholds_for(self._folder, self._labels)
        self._selection = TagSelection(self._labels, chosen.with_overruled(general, character), widest_gap)
        self._open = open_session
        self._batch_size = max(1, batch_size)
        self._session: Any = None

    @property
    def name(self) -> str:
        """The model's folder, for reports."""
        return self._folder.name

    @property
    def vocabulary(self) -> frozenset[str]:
        """Every tag it could give, with spaces instead of underscores; ratings are kept apart."""
        return self._selection.vocabulary

    def tag(self, images: Sequence[Image.Image]) -> list[ObservedTags]:
        """Tag each picture, in order; of the ratings only the most likely one is given.

        Raises:
            MissingModelError: the model cannot be loaded, fails, or does not fit its label file.
        """
        return [self._selection.observe(row) for row in self.confidences(images)]

    def confidences(self, images: Sequence[Image.Image]) -> npt.NDArray[np.float32]:
        """Return the model's raw output for each picture: 0 to 1, shape (n, tags), columns as in the label file."""
        if self._session is None:
            self._session = self._open_session()
        contract = read_input_contract(self._session.get_inputs()[0], self._folder)
        rows = [np.zeros((0, len(self._labels)), dtype=np.float32)]
        for batch in _batches(images, contract.batch or self._batch_size):
            rows.append(self._run(contract.name, contract.array(batch, self._prepare))[: len(batch)])
        return np.concatenate(rows)

    def _run(self, input_name: str, pixels: npt.NDArray[np.floating[Any]]) -> npt.NDArray[np.float32]:
        try:
            (given,) = self._session.run([_output_of(self._session).name], {input_name: pixels})
        except (CounterpromptError, MemoryError):
            raise
        except Exception as error:  # onnxruntime's classes share no public base
            raise MissingModelError(
                f"The tagger model in {self._folder} failed ({first_line(error)}); close other "
                "programs if memory is short, else download it again."
            ) from error
        output: npt.NDArray[np.float32] = np.asarray(given, dtype=np.float32)
        if output.ndim != 2 or output.shape[1] != len(self._labels):
            raise MissingModelError(_misfit(self._folder, list(output.shape), len(self._labels)))
        if not (output.min() >= -_ROUNDING and output.max() <= 1.0 + _ROUNDING):
            raise MissingModelError(
                f"The tagger model in {self._folder} gives {output.min():.3g} to {output.max():.3g} instead of "
                "confidences within 0 to 1; use a WD tagger's ONNX file, which ends in a sigmoid."
            )
        return output.clip(0.0, 1.0)

    def _open_session(self) -> Any:
        session = self._open(self._model)
        _check_contract(session, self._folder, len(self._labels))
        return session


def _batches(images: Sequence[Image.Image], size: int) -> Iterator[Sequence[Image.Image]]:
    for start in range(0, len(images), size):
        yield images[start : start + size]


def _output_of(session: Any) -> Any:
    """Return the output that holds the confidences."""
    outputs = session.get_outputs()
    named = {output.name: output for output in outputs}
    return next((named[name] for name in _OUTPUT_NAMES if name in named), outputs[0])


def _check_contract(session: Any, folder: Path, labels: int) -> None:
    read_input_contract(session.get_inputs()[0], folder)
    given = _output_of(session).shape
    if isinstance(given[-1], int) and given[-1] != labels:
        raise MissingModelError(_misfit(folder, given, labels))


def _misfit(folder: Path, given: Sequence[object], labels: int) -> str:
    return (
        f"The tagger model in {folder} gives {given[-1]} confidences, but its {LABELS_NAME} lists {labels} tags; "
        "download both from the same place."
    )
