"""Where the miniature's shipped files lie."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from counterprompt.errors import MissingModelError

WEIGHTS: Final = Path(__file__).parent / "weights"
"""Folder of the trained weights, together under 24 MB."""

LORA_NAMES: Final = ("striped", "framed")


def require(path: Path) -> Path:
    """Return *path* if it is a file.

    Raises:
        MissingModelError: it is not there.
    """
    if not path.is_file():
        raise MissingModelError(f"The miniature's file {path} is missing; install counterprompt again.")
    return path
