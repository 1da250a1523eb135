"""Paths as people write them: from a folder, or with "~" from a user's home."""

from __future__ import annotations

from pathlib import Path


def expanded(path: Path) -> Path:
    """Return *path* with the "~" at its beginning as the home of a user who is known, as a shell does."""
    try:
        return path.expanduser()
    except RuntimeError:  # there is no user of that name
        return path


def place_of(text: str, folder: Path) -> Path:
    """Return the path that *text* names from *folder* or from a user's home."""
    return folder / expanded(Path(text))


def is_place(path: Path, *, is_file: bool = False) -> bool:
    """Whether there is something at *path*, or a file; nothing is where no name can be so long."""
    try:
        return path.is_file() if is_file else path.exists()
    except OSError:
        return False
