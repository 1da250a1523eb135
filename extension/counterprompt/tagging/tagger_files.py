"""Finds a tagger's two files, in the many ways that programs lay them out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from counterprompt.errors import MissingModelError
from counterprompt.places import is_place
from counterprompt.tagging.file_checks import fault_in
from counterprompt.tagging.known_taggers import MODEL_NAME
from counterprompt.tagging.labels import LABELS_NAME

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from counterprompt.tagging.known_taggers import KnownTagger


@dataclass(frozen=True)
class TaggerFiles:
    """A tagger on this machine."""

    model: Path
    """The ONNX file."""
    labels: Path
    """The label file."""

    @property
    def home(self) -> Path:
        """What its name and thresholds go by: its own folder, or the name of one where it shares a folder."""
        shares_folder = self.labels.stem == self.model.stem
        return self.model.with_suffix("") if shares_folder else self.model.parent

    @property
    def path(self) -> Path:
        """What leads here by `locate_files`: the folder where its files have the usual names, else the ONNX file."""
        usual = (self.model.name, self.labels.name) == (MODEL_NAME, LABELS_NAME)
        return self.model.parent if usual else self.model


def locate_files(place: Path) -> TaggerFiles:
    """Find model and labels in a folder of any name, or beside an ONNX file.

    A folder holds `model.onnx` or one other ONNX file, and `selected_tags.csv`, a CSV file with the model's name (as
    ComfyUI's WD14 tagger keeps them), or one other CSV file.

    Raises:
        MissingModelError: there is no such place, or a file is missing or not to be told from others.
    """
    if is_place(place, is_file=True) and place.suffix.lower() == ".onnx":
        return TaggerFiles(place, _labels_beside(place))
    if not (is_place(place) and place.is_dir()):
        raise MissingModelError(
            f"There is no tagger folder {place}; correct the path, or name a tagger that "
            "`counterprompt models list` shows."
        )
    model = place / MODEL_NAME
    if not model.is_file():
        models = sorted(place.glob("*.onnx"))
        if len(models) != 1:
            found = "several ONNX files; name one of them" if models else "no model.onnx; put a WD tagger's there"
            raise MissingModelError(f"{place} holds {found}.")
        model = models[0]
    return TaggerFiles(model, _labels_beside(model))


def files_of(tagger: KnownTagger, place: Path) -> Iterator[TaggerFiles]:
    """Find complete files of one known tagger in *place*, in any of the layouts of FIELD.md's programs.

    These are NAME/ (ours, the wd14-tagger extension's TaggerOnnx), OWNER_NAME/ (kohya's), NAME.onnx (ComfyUI's) and
    models--OWNER--NAME/snapshots/COMMIT/ (the hub's cache). Files that fall short of the published size, or are
    evidently no model or label list, are passed over.
    """
    owner, _, name = tagger.repo_id.partition("/")
    cached = place / f"models--{owner}--{name}" / "snapshots"
    snapshots = sorted(cached.glob("*"), key=lambda path: (path.name != tagger.revision, path.name))
    folders = [place / tagger.name, place / name, place / f"{owner}_{name}", *snapshots]
    for candidate in (*folders, place / f"{name}.onnx"):
        try:
            files = locate_files(candidate)
            if is_complete(tagger, files):
                yield files
        except (MissingModelError, OSError):
            continue


def is_complete(tagger: KnownTagger, files: TaggerFiles) -> bool:
    """Return whether *files* may be those of *tagger*: sizes as published where they are, and no evident fault."""
    size = files.model.stat().st_size
    # Another program may hold an earlier revision: that is a tagger too, but a file cut short is none.
    is_short = size < tagger.size * 0.98
    return not is_short and not fault_in(files.model, ".onnx") and not fault_in(files.labels, ".csv")


def _labels_beside(model: Path) -> Path:
    for candidate in (model.with_suffix(".csv"), model.with_name(LABELS_NAME)):
        if candidate.is_file():
            return candidate
    lists = sorted(model.parent.glob("*.csv"))
    if len(lists) != 1:
        raise MissingModelError(
            f"{model.parent} holds no {LABELS_NAME} for {model.name}; put the label file of that tagger there."
        )
    return lists[0]
