"""Captions a data set folder for LoRA training; a run that was killed goes on where it was."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from counterprompt.errors import InvalidInputError, StoppedError
from counterprompt.tagging.caption_files import (
    METADATA_NAME,
    CaptionTable,
    caption_path,
    read_caption_text,
    read_metadata,
    refuse_shared_texts,
    write_caption_text,
    write_metadata,
)
from counterprompt.tagging.captions import CaptionStyle, ExistingCaptions, caption_parts, merge_captions
from counterprompt.tagging.folder import BATCH_SIZE, picture_paths, tag_batches
from counterprompt.tagging.tag_journal import TagJournal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from counterprompt.ports import ProgressListener, Tagger
    from counterprompt.tagging.folder import OpenPicture
    from counterprompt.tags.observed import ObservedTags

CAPTION_FILES: Final = ("txt", "csv", "both")


@dataclass(frozen=True)
class CaptionPlan:
    """What captioning a folder shall do."""

    files: str = "txt"
    """"txt": one beside each picture; "csv": `metadata.csv`; or "both"."""
    existing: ExistingCaptions = ExistingCaptions.KEEP
    """What becomes of captions that are there already."""
    style: CaptionStyle = field(default_factory=CaptionStyle)
    """How tags become captions."""
    batch_size: int = BATCH_SIZE
    """Pictures the tagger is given at once, at least 1."""
    tagger_key: str = ""
    """Tells the tagger and its settings from others: what another one said before is not used."""

    def __post_init__(self) -> None:
        if self.files not in CAPTION_FILES:
            raise InvalidInputError(
                f"Captions cannot be written as {self.files!r}; use one of {', '.join(CAPTION_FILES)}."
            )


@dataclass(frozen=True)
class CaptionedFolder:
    """What captioning a folder has done."""

    captions: dict[str, str] = field(default_factory=dict)
    """File name to the caption that was written, in the order of the names."""
    kept: tuple[str, ...] = ()
    """Pictures whose captions were there already and stayed."""
    resumed: int = 0
    """Pictures that an earlier run, which did not end, had tagged already."""
    left_out: dict[str, str] = field(default_factory=dict)
    """File name to why there is no caption."""
    written: tuple[Path, ...] = ()
    """The caption files."""


def caption_folder(
    folder: Path, tagger: Tagger, open_picture: OpenPicture, plan: CaptionPlan, progress: ProgressListener
) -> CaptionedFolder:
    """Write captions for the pictures that lie directly in *folder*.

    Args:
        folder: the data set.
        tagger: any tagger.
        open_picture: opens one file as RGB; `imagefile.read.open_picture` does it with size caps.
        plan: what to write.
        progress: hears of each picture that is tagged now, and may ask to stop.

    Raises:
        InvalidInputError: the folder does not exist, holds no picture, cannot be written to, or its `metadata.csv` is
            another program's; two pictures would share one `.txt`.
        StoppedError: *progress* or Ctrl-C asked to stop; the same call goes on from there.
    """
    run = _CaptionRun(folder, plan)
    try:
        run.write(run.tagged_before())
        for batch in tag_batches(run.untagged(), tagger, open_picture, progress, batch_size=plan.batch_size):
            run.journal.append(batch.observed, run.pictures)
            run.left_out.update(batch.broken)
            run.write(batch.observed)
    except (KeyboardInterrupt, StoppedError) as error:
        raise StoppedError(
            f"Stopped with {len(run.captions)} of {len(run.wanted)} pictures tagged; the same command goes on from "
            "there."
        ) from error
    return run.finish()


class _CaptionRun:
    """One folder on its way to being captioned."""

    def __init__(self, folder: Path, plan: CaptionPlan) -> None:
        self.pictures = {path.name: path for path in picture_paths(folder)}
        self.journal = TagJournal(folder, plan.tagger_key)
        self.captions: dict[str, str] = {}
        self.left_out: dict[str, str] = {}
        self._folder = folder
        self._plan = plan
        self._has_texts = plan.files in {"txt", "both"}
        self._has_table = plan.files in {"csv", "both"}
        if self._has_texts:
            refuse_shared_texts(self.pictures.values())
        self._table = read_metadata(folder) if self._has_table else CaptionTable()
        self._rows = self._table.captions()
        self._new_rows: dict[str, str] = {}
        self._texts: list[Path] = []
        if self._has_table:
            self.left_out.update(_names_outside_utf8(self.pictures))
        self.wanted = [path for name, path in self.pictures.items() if self._is_wanted(name)]
        self._resumed = 0

    def tagged_before(self) -> dict[str, ObservedTags]:
        """Return the tags that an earlier run has left."""
        found = self.journal.read({path.name: path for path in self.wanted})
        self._resumed = len(found)
        return found

    def untagged(self) -> list[Path]:
        """List the pictures that need tagging now."""
        return [path for path in self.wanted if path.name not in self.captions and path.name not in self.left_out]

    def write(self, observed: Mapping[str, ObservedTags]) -> None:
        """Write the `.txt` files of a few pictures; their rows wait for the end."""
        for name, tags in observed.items():
            parts = caption_parts(tags, self._plan.style)
            self.captions[name] = ", ".join(parts)
            if self._has_table and self._replaces(name in self._rows):
                self._new_rows[name] = self._merged(self._rows.get(name, ""), parts)
                self.captions[name] = self._new_rows[name]
            if self._has_texts and self._replaces(caption_path(self.pictures[name]).exists()):
                self._write_text(name, parts)

    def finish(self) -> CaptionedFolder:
        """Write `metadata.csv` and clear up."""
        written = list(self._texts)
        if self._has_table and self._new_rows:
            written.append(write_metadata(self._folder, self._table.with_captions(self._new_rows)))
        self.journal.remove()
        wanted = {path.name for path in self.wanted}
        return CaptionedFolder(
            captions={name: self.captions[name] for name in sorted(self.captions)},
            kept=tuple(name for name in self.pictures if name not in wanted and name not in self.left_out),
            resumed=self._resumed,
            left_out={name: self.left_out[name] for name in sorted(self.left_out)},
            written=tuple(written),
        )

    def _is_wanted(self, name: str) -> bool:
        if name in self.left_out:
            return False
        lacks_text = self._has_texts and self._replaces(caption_path(self.pictures[name]).exists())
        return lacks_text or (self._has_table and self._replaces(name in self._rows))

    def _replaces(self, is_there: bool) -> bool:
        return not is_there or self._plan.existing is not ExistingCaptions.KEEP

    def _write_text(self, name: str, parts: list[str]) -> None:
        picture = self.pictures[name]
        try:
            overwrites = self._plan.existing is ExistingCaptions.OVERWRITE
            old = "" if overwrites else read_caption_text(picture) or ""
        except InvalidInputError as error:
            self.left_out[name] = str(error)
            self.captions.pop(name)
            return
        self.captions[name] = self._merged(old, parts)
        self._texts.append(write_caption_text(picture, self.captions[name]))

    def _merged(self, old: str, parts: list[str]) -> str:
        return merge_captions(old, parts, self._plan.style, self._plan.existing)


def _names_outside_utf8(names: Iterable[str]) -> dict[str, str]:
    """Say of each file name that no UTF-8 text can hold why it is left out: old archives bring such."""
    reason = f"its name is no UTF-8 text, which {METADATA_NAME} needs; rename it"
    return {name: reason for name in names if name.encode(errors="replace") != name.encode(errors="surrogatepass")}
