"""Caption files in a data set folder: a `.txt` beside each picture, and lora-scripts' `metadata.csv`.

A file always holds either the old captions or the new ones.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from counterprompt.errors import InvalidInputError
from counterprompt.whole_files import naming_the_remedy, replace_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

METADATA_NAME: Final = "metadata.csv"
_COLUMNS: Final = ("filename", "text")
_TOO_MANY: Final = "\0"
_TEXT_LIMIT: Final = 1 << 20
_TABLE_LIMIT: Final = 256 << 20


@dataclass(frozen=True)
class CaptionTable:
    """What a `metadata.csv` holds."""

    columns: tuple[str, ...] = _COLUMNS
    """Names of the columns in order; others than filename and text are kept."""
    rows: tuple[Mapping[str, str], ...] = ()
    """Column to text, one for each picture."""

    def captions(self) -> dict[str, str]:
        """Return file name -> caption."""
        return {row["filename"]: row["text"] for row in self.rows}

    def with_captions(self, captions: Mapping[str, str]) -> CaptionTable:
        """Return a copy with the rows of *captions* changed in place, and new ones behind the others."""
        changed = [{**row, "text": captions.get(row["filename"], row["text"])} for row in self.rows]
        known = {row["filename"] for row in self.rows}
        added = [{"filename": name, "text": text} for name, text in captions.items() if name not in known]
        return CaptionTable(self.columns, (*changed, *added))

    def render(self) -> str:
        """Write it as CSV, lines ending in a line feed."""
        stream = io.StringIO(newline="")
        writer = csv.DictWriter(stream, self.columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(self.rows)
        return stream.getvalue()


def read_metadata(folder: Path) -> CaptionTable:
    """Read the `metadata.csv` of *folder*; a missing one is an empty table.

    Raises:
        InvalidInputError: it is broken, too large, or lacks the columns filename and text.
    """
    path = folder / METADATA_NAME
    text = _read_text(path, _TABLE_LIMIT)
    if text is None:
        return CaptionTable()
    try:
        reader = csv.DictReader(io.StringIO(text, newline=""), restval="", restkey=_TOO_MANY, strict=True)
        rows = tuple(reader)
    except csv.Error as error:
        raise InvalidInputError(f"{path} is broken ({error}); correct or remove it.") from error
    if any(_TOO_MANY in row for row in rows):
        raise InvalidInputError(f"{path} has a row with more cells than columns; correct or remove it.")
    columns = tuple(reader.fieldnames or ())
    if not set(_COLUMNS) <= set(columns):
        raise InvalidInputError(f"{path} lacks the columns filename and text; move it away, it is another program's.")
    return CaptionTable(columns, rows)


def write_metadata(folder: Path, table: CaptionTable) -> Path:
    """Write `metadata.csv` into *folder* and return its path.

    Raises:
        InvalidInputError: the folder cannot be written to.
    """
    return _replace_text(folder / METADATA_NAME, table.render())


def caption_path(picture: Path) -> Path:
    """Return where the caption of *picture* stands: the same name with the ending .txt."""
    return picture.with_suffix(".txt")


def refuse_shared_texts(pictures: Iterable[Path]) -> None:
    """Refuse *pictures* of which two would share one `.txt`.

    Raises:
        InvalidInputError: two do.
    """
    seen: dict[Path, Path] = {}
    for picture in pictures:
        other = seen.setdefault(caption_path(picture), picture)
        if other is not picture:
            raise InvalidInputError(
                f"{other.name} and {picture.name} differ only in their ending and would share one .txt; rename one or "
                f"use {METADATA_NAME}."
            )


def read_caption_text(picture: Path) -> str | None:
    """Return the caption beside *picture*, or None where there is none.

    Raises:
        InvalidInputError: it is larger than 1 MiB or no UTF-8 text.
    """
    return _read_text(caption_path(picture), _TEXT_LIMIT)


def write_caption_text(picture: Path, caption: str) -> Path:
    """Write *caption* beside *picture* and return the path.

    Raises:
        InvalidInputError: it cannot be written.
    """
    return _replace_text(caption_path(picture), caption + "\n")


def _read_text(path: Path, limit: int) -> str | None:
    try:
        if path.stat().st_size > limit:
            raise InvalidInputError(f"{path} is larger than {limit >> 20} MiB, so it holds no captions; move it away.")
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInputError(
            f"{path} cannot be read as UTF-8 text ({error}); save it so, or move it away."
        ) from error


def _replace_text(path: Path, text: str) -> Path:
    with naming_the_remedy(path, "free some space or choose a folder you may write to"):
        replace_text(path, text)
    return path
