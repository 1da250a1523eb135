"""The report's files in a study folder."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from typing import TYPE_CHECKING

from counterprompt.errors import InvalidInputError
from counterprompt.report.codec import decode, parse_json, render_json
from counterprompt.report.content import PictureRecord, ReportContent
from counterprompt.report.page import render_page

if TYPE_CHECKING:
    from pathlib import Path

    from PIL import Image

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
    return _replace_text(folder / PAGE_FILE, render_page(content, folder))


def load_report(folder: Path) -> ReportContent:
    """Read the report's JSON in *folder*.

    Raises:
        InvalidInputError: there is none, or it is damaged.
    """
    path = folder / REPORT_FILE
    if not path.is_file():
        raise InvalidInputError(f"There is no report in {folder}; `counterprompt resume {folder}` finishes its study.")
    return parse_json(_read_text(path))


def keep_dropped(image: Image.Image, record: PictureRecord, folder: Path) -> None:
    """Keep a small copy of the dropped picture and what was read from it in *folder*, for the report.

    Raises:
        InvalidInputError: the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        small_copy(image).save(folder / DROPPED_FILE)
    except OSError as error:
        raise _unwritable(folder, error) from error
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


def _replace_text(path: Path, text: str) -> Path:
    partial = path.with_name(path.name + ".partial")
    try:
        partial.write_text(text, encoding="utf-8", errors="replace")
        os.replace(partial, path)
    except OSError as error:
        raise _unwritable(path.parent, error) from error
    return path


def _unwritable(folder: Path, error: OSError) -> InvalidInputError:
    return InvalidInputError(f"The folder {folder} cannot be written ({error.strerror}); name another with --study.")
