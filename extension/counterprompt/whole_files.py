"""Files that are always whole: written aside and then renamed, so that a reader meets the old one or the new one."""

from __future__ import annotations

import os
import secrets
from contextlib import contextmanager
from typing import TYPE_CHECKING

from counterprompt.errors import InvalidInputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_LONGEST_NAME = 40
"""Characters of a file's name that the one beside it bears too: disks take 255 bytes."""


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a file to write beside *path*, whose folder exists; it becomes *path* when the block ends.

    Where the block raises, *path* stays as it was and nothing is left beside it. Each call has a file of its own, so
    that of several programs and threads that write *path* the last one counts, whole.

    Raises:
        OSError: it cannot be renamed.
    """
    aside = path.with_name(f".{path.name[:_LONGEST_NAME]}.{secrets.token_hex(4)}.part")
    try:
        yield aside
        os.replace(aside, path)
    finally:
        aside.unlink(missing_ok=True)


def replace_text(path: Path, text: str, *, errors: str = "strict") -> None:
    """Write *text* to *path* as UTF-8, lines ending as they do in *text*; *errors* is what `str.encode` takes.

    Raises:
        OSError: it cannot be written.
    """
    with replacing(path) as aside:
        aside.write_text(text, encoding="utf-8", errors=errors, newline="")


@contextmanager
def naming_the_remedy(place: object, remedy: str) -> Iterator[None]:
    """Turn a fault of the disk into a sentence.

    Args:
        place: what is written to, such as a path.
        remedy: what the user can do, without a full stop.

    Raises:
        InvalidInputError: the block raised an OSError.
    """
    try:
        yield
    except OSError as error:
        raise InvalidInputError(f"{place} cannot be written ({error.strerror}); {remedy}.") from error
