"""The bytes of one picture, from a file or from memory, refused early when they cannot be one."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path

from counterprompt.errors import InvalidInputError
from counterprompt.imagefile.bounds import MAX_FILE_BYTES

_HOW_TO_OPEN = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NONBLOCK", 0)
"""Bytes as they are; a pipe does not make us wait, it is refused."""


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
        name = str(source)
        content = _read_file(name)
    if not content:
        raise InvalidInputError(f"{name} is empty (0 bytes); save or download it again.")
    if len(content) > MAX_FILE_BYTES:
        raise InvalidInputError(
            f"{name} is larger than {MAX_FILE_BYTES // 1024**2} MiB, the most that is read; save it smaller."
        )
    return PictureBytes(name, content)


def _read_file(path: str) -> bytes:
    """Read through the system's own calls, since Python's take longer than reading a small picture."""
    descriptor = None
    try:
        descriptor = os.open(path, _HOW_TO_OPEN)
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise InvalidInputError(f"{path} is not a file; name one picture.")
        return _read_up_to(descriptor, min(status.st_size, MAX_FILE_BYTES + 1))
    except FileNotFoundError as error:
        raise InvalidInputError(f"{path} does not exist; check the spelling of the path.") from error
    except (OSError, ValueError) as error:
        problem = "is not a file; name one picture" if Path(path).is_dir() else f"cannot be read ({error})"
        raise InvalidInputError(f"{path} {problem}; check the path and its permissions.") from error
    finally:
        if descriptor is not None:
            os.close(descriptor)


def _read_up_to(descriptor: int, size: int) -> bytes:
    content = os.read(descriptor, size)
    while len(content) < size and (more := os.read(descriptor, size - len(content))):
        content += more
    return content
