"""Paths as a job file writes them: from its own folder, or with "~" from the user's."""

from __future__ import annotations

from pathlib import Path


def place_of(text: str, folder: Path) -> Path:
    """Return the path that *text* names from *folder*; "~" at its beginning is the home of a user who is known."""
    try:
        return folder / Path(text).expanduser()
    except RuntimeError:  # there is no user of that name
        return folder / text


def is_place(path: Path, *, is_file: bool = False) -> bool:
    """Whether there is something at *path*, or a file; nothing is where no name can be so long."""
    try:
        return path.is_file() if is_file else path.exists()
    except OSError:
        return False
