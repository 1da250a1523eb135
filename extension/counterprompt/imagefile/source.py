"""The bytes of one picture, from a file or from memory, refused early when they cannot be one."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING

from counterprompt.errors import InvalidInputError
from counterprompt.imagefile.bounds import MAX_FILE_BYTES

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class PictureBytes:
    """The content of a picture file."""

    name: str
    """What messages call it: the path, or "the picture" for bytes from memory."""
    content: bytes
    """1 to MAX_FILE_BYTES bytes."""


def read_bytes(source: Path | bytes) -> PictureBytes:
    """Read the whole file, or take the bytes as they are.

    Raises:
        InvalidInputError: it is missing, no file, unreadable, empty, or larger than MAX_FILE_BYTES.
    """
    if isinstance(source, bytes):
        name, content = "the picture", source[: MAX_FILE_BYTES + 1]
    else:
        name, content = str(source), _read_file(source)
    if not content:
        raise InvalidInputError(f"{name} is empty (0 bytes); save or download it again.")
    if len(content) > MAX_FILE_BYTES:
        raise InvalidInputError(
            f"{name} is larger than {MAX_FILE_BYTES // 1024**2} MiB, the most that is read; save it smaller."
        )
    return PictureBytes(name, content)


def _read_file(path: Path) -> bytes:
    """Read without pathlib and buffers, which take longer than reading a small picture."""
    try:
        status = os.stat(path)
        if not stat.S_ISREG(status.st_mode):
            raise InvalidInputError(f"{path} is not a file; name one picture.")
        with open(path, "rb", buffering=0) as file:
            return file.read(MAX_FILE_BYTES + 1) if status.st_size > MAX_FILE_BYTES else file.readall()
    except FileNotFoundError as error:
        raise InvalidInputError(f"{path} does not exist; check the spelling of the path.") from error
    except (OSError, ValueError) as error:
        raise InvalidInputError(f"{path} cannot be read ({error}); check the path and its permissions.") from error
