"""The report's files in a study folder."""

from __future__ import annotations

import json
import shlex
from dataclasses import asdict
from typing import TYPE_CHECKING

from counterprompt.errors import InvalidInputError
from counterprompt.report.codec import decode, parse_json, render_json
from counterprompt.report.page import render_page
from counterprompt.report.picture_record import PictureRecord
from counterprompt.whole_files import naming_the_remedy, replace_text

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from pathlib import Path

    from PIL import Image

    from counterprompt.report.content import ReportContent

PAGE_FILE = "report.html"
REPORT_FILE = "report.json"
PICTURE_FILE = "picture.json"
DROPPED_FILE = "dropped.png"

_DROPPED_EDGE = 640
_LARGEST_FILE = 50_000_000


def write_report(content: ReportContent, folder: Path) -> Path:
    """Write the page and its JSON into *folder* and return the page's path.

    Raises:
        InvalidInputError: the folder cannot be written.
    """
    _replace_text(folder / REPORT_FILE, render_json(content))
    _replace_text(folder / PAGE_FILE, render_page(content, folder))
    return folder / PAGE_FILE


def load_report(folder: Path) -> ReportContent:
    """Read the report's JSON in *folder*.

    Raises:
        InvalidInputError: there is none, or it is damaged.
    """
    path = folder / REPORT_FILE
    if not path.is_file():
        command = f"`counterprompt resume {shlex.quote(str(folder))}`"
        raise InvalidInputError(f"There is no report in {folder}; {command} finishes its study.")
    return parse_json(_read_text(path))


def keep_dropped(image: Image.Image, record: PictureRecord, folder: Path) -> None:
    """Keep a small copy of the dropped picture and what was read from it in *folder*, for the report.

    Raises:
        InvalidInputError: the folder cannot be written.
    """
    with _naming_the_folder(folder):
        folder.mkdir(parents=True, exist_ok=True)
        small_copy(image).save(folder / DROPPED_FILE)
    _replace_text(folder / PICTURE_FILE, json.dumps(asdict(record), ensure_ascii=False))


def small_copy(image: Image.Image) -> Image.Image:
    """Return what `keep_dropped` keeps of *image*: at most 640 pixels an edge. Of a copy, that is the copy."""
    small = image.copy()
    small.thumbnail((_DROPPED_EDGE, _DROPPED_EDGE))
    return small


def load_dropped(folder: Path) -> PictureRecord:
    """Read back what `keep_dropped` kept; an empty record where there is none or it is damaged."""
    try:
        record = decode(PictureRecord, json.loads(_read_text(folder / PICTURE_FILE)))
    except (InvalidInputError, ValueError, TypeError, KeyError):
        return PictureRecord()
    assert isinstance(record, PictureRecord)
    return record


def _read_text(path: Path) -> str:
    try:
        if path.stat().st_size > _LARGEST_FILE:
            raise InvalidInputError(f"{path} is too large to be a report's file; restore it.")
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInputError(f"{path} cannot be read ({error}); check its permissions or restore it.") from error


def _naming_the_folder(folder: Path) -> AbstractContextManager[None]:
    return naming_the_remedy(f"The folder {folder}", "name another with --study")


def _replace_text(path: Path, text: str) -> None:
    with _naming_the_folder(path.parent):
        replace_text(path, text, errors="replace")
