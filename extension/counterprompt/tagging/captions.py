"""Caption files for LoRA training: `metadata.csv` and a `.txt` beside each picture, for lora-scripts and kohya."""

from __future__ import annotations

import csv
import io
import os
from typing import TYPE_CHECKING, Final

from counterprompt.errors import InvalidInputError
from counterprompt.tags.observed import TagCategory

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from counterprompt.tags.observed import ObservedTags

METADATA_NAME: Final = "metadata.csv"


def render_caption(observed: ObservedTags, *, first: Sequence[str] = (), blocked: frozenset[str] = frozenset()) -> str:
    """Write the tags of one picture as a caption: "1girl, red hair, smile".

    Args:
        observed: characters come before general tags; ratings are left out.
        first: trigger words that begin the caption.
        blocked: tags to leave out, spelled with spaces.
    """
    names = (*observed.names(TagCategory.CHARACTER), *observed.names())
    return ", ".join(dict.fromkeys([*first, *(name for name in names if name not in blocked)]))


def render_metadata(captions: Mapping[str, str]) -> str:
    """Write file names and captions as CSV with the columns filename and text."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(("filename", "text"))
    writer.writerows(captions.items())
    return stream.getvalue()


def write_metadata(folder: Path, captions: Mapping[str, str]) -> Path:
    """Write `metadata.csv` into *folder* for file name -> caption and return its path.

    Raises:
        InvalidInputError: the folder cannot be written to.
    """
    return _replace_text(folder / METADATA_NAME, render_metadata(captions))


def write_caption_texts(folder: Path, captions: Mapping[str, str]) -> list[Path]:
    """Write one `.txt` beside each picture of *folder* for file name -> caption and return their paths.

    Raises:
        InvalidInputError: a name points out of the folder, two names share one `.txt`, or it cannot be written.
    """
    for name in captions:
        if name in {"", ".", ".."} or os.path.basename(name.replace("\\", "/")) != name:
            raise InvalidInputError(f'"{name}" is not the name of a picture in {folder}; give bare file names.')
    paths = {name: (folder / name).with_suffix(".txt") for name in captions}
    if len(set(paths.values())) < len(paths):
        raise InvalidInputError(
            f"Two pictures in {folder} differ only in their ending; rename one or use {METADATA_NAME}."
        )
    return [_replace_text(path, captions[name] + "\n") for name, path in paths.items()]


def _replace_text(path: Path, text: str) -> Path:
    # Written aside and then renamed, so that a caption is either the old one or the new one.
    aside = path.with_name(f".{path.name}.part")
    try:
        aside.write_text(text, encoding="utf-8", newline="")
        os.replace(aside, path)
    except OSError as error:
        raise InvalidInputError(
            f"{path} cannot be written ({error.strerror}); choose a folder you may write to."
        ) from error
    return path
