"""The bytes of one picture, from a file or from memory, refused early when they cannot be one."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path

from counterprompt.errors import InvalidInputError
from counterprompt.imagefile.bounds import MAX_FILE_BYTES
from counterprompt.imagefile.without_pixels import read_up_to, read_without_pixels

_HOW_TO_OPEN = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NONBLOCK", 0)
"""Bytes as they are; a pipe does not make us wait, it is refused."""


@dataclass(frozen=True)
class PictureBytes:
    """The content of a picture file."""

    name: str
    """What messages call it: the path, or "the picture" for bytes from memory."""
    content: bytes
    """1 to MAX_FILE_BYTES bytes."""
    is_whole: bool = True
    """Whether the content has its pixels."""


def read_bytes(source: Path | bytes, needs_pixels: bool = True) -> PictureBytes:
    """Read the whole file, or take the bytes as they are; without *needs_pixels* those of a file may be left out.

    Raises:
        InvalidInputError: it is missing, no file, unreadable, empty, or larger than MAX_FILE_BYTES.
    """
    is_whole = True
    if isinstance(source, bytes):
        name, content = "the picture", source[: MAX_FILE_BYTES + 1]
    else:
        name = str(source)
        content, is_whole = _read_file(name, needs_pixels)
    if not content:
        raise InvalidInputError(f"{name} is empty (0 bytes); save or download it again.")
    if len(content) > MAX_FILE_BYTES:
        raise InvalidInputError(
            f"{name} is larger than {MAX_FILE_BYTES // 1024**2} MiB, the most that is read; save it smaller."
        )
    return PictureBytes(name, content, is_whole)


def _read_file(path: str, needs_pixels: bool) -> tuple[bytes, bool]:
    """Read through the system's own calls, since Python's take longer than reading a small picture."""
    descriptor = None
    try:
        descriptor = os.open(path, _HOW_TO_OPEN)
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise InvalidInputError(f"{path} is not a file; name one picture.")
        size = min(status.st_size, MAX_FILE_BYTES + 1)
        if needs_pixels or size > MAX_FILE_BYTES:
            return read_up_to(descriptor, size), True
        return read_without_pixels(descriptor, size)
    except FileNotFoundError as error:
        raise InvalidInputError(f"{path} does not exist; check the spelling of the path.") from error
    except (OSError, ValueError) as error:
        problem = "is not a file; name one picture" if os.path.isdir(path) else f"cannot be read ({error})"
        raise InvalidInputError(f"{path} {problem}; check the path and its permissions.") from error
    finally:
        if descriptor is not None:
            os.close(descriptor)
