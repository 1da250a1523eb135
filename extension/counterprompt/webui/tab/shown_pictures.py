"""Pictures of a study as the page shows them: made small once, since every open page asks every two seconds."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from counterprompt.report.pictures import picture_tag

if TYPE_CHECKING:
    from pathlib import Path

_KEPT: Final = 32
"""Pictures that are kept, some 60 kB each: those of a few studies and of a question."""


def shown_picture(folder: Path, name: str, alt: str) -> str:
    """Do what `report.pictures.picture_tag` does, once for each state of the file."""
    try:
        known = (folder / name).stat()
    except (OSError, ValueError):
        return ""
    return _made(folder, name, alt, known.st_mtime_ns, known.st_size)


@lru_cache(_KEPT)
def _made(folder: Path, name: str, alt: str, _changed_ns: int, _size: int) -> str:
    return picture_tag(folder, name, alt)
