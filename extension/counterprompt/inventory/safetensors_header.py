"""The header of a safetensors file, read without touching a tensor."""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Final

from counterprompt.errors import InvalidInputError

LARGEST_HEADER: Final = 100_000_000
"""Bytes; the format's own limit (safetensors, `MAX_HEADER_SIZE`)."""
LARGEST_PARSED: Final = 16 * 2**20
"""Bytes; of a longer header, which no trainer or merger writes, nothing is read."""
_MOST_TENSOR_NAMES: Final = 5000
_LONGEST_VALUE: Final = 8 * 2**20


@dataclass(frozen=True)
class SafetensorsHeader:
    """What stands before the tensors."""

    size: int
    """Bytes up to the first tensor, the eight of the length included."""
    metadata: dict[str, str] = field(default_factory=dict)
    """`__metadata__`, texts only, without thumbnails."""
    tensor_names: tuple[str, ...] = ()
    """Names of the first few thousand tensors."""


def read_header(path: Path) -> SafetensorsHeader:
    """Read the header of the file *path*: eight bytes of length, little-endian, then JSON.

    Raises:
        InvalidInputError: it cannot be read, is cut short, or its length or its JSON is none of a safetensors file.
    """
    try:
        with path.open("rb") as file:
            size = _read_size(file, path)
            if size - 8 > LARGEST_PARSED:
                return SafetensorsHeader(size)
            text = file.read(size - 8)
    except OSError as error:
        raise InvalidInputError(f"The file {path} cannot be read ({error}); check it.") from error
    parsed = _parse(text, path)
    metadata = parsed.pop("__metadata__", None)
    return SafetensorsHeader(size, _texts(metadata), tuple(list(parsed)[:_MOST_TENSOR_NAMES]))


def tensors_offset(path: Path) -> int | None:
    """Return where the tensors of *path* begin, in bytes; None where it is no safetensors file.

    Raises:
        OSError: the file cannot be read.
    """
    try:
        with path.open("rb") as file:
            return _read_size(file, path)
    except InvalidInputError:
        return None


def _read_size(file: BinaryIO, path: Path) -> int:
    length = file.read(8)
    end = file.seek(0, 2)
    file.seek(8)
    size = 8 + int(struct.unpack("<Q", length)[0]) if len(length) == 8 else 0
    if not 10 <= size <= min(end, 8 + LARGEST_HEADER):
        raise InvalidInputError(f"The file {path} is no safetensors file or is cut short; download it again.")
    return size


def _parse(text: bytes, path: Path) -> dict[str, Any]:
    try:
        parsed = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InvalidInputError(f"The header of {path} is no JSON; download the file again.") from error
    if not isinstance(parsed, dict):
        raise InvalidInputError(f"The header of {path} is no JSON object; download the file again.")
    return parsed


def _texts(metadata: Any) -> dict[str, str]:
    if not isinstance(metadata, dict):
        return {}
    return {
        key: value
        for key, value in metadata.items()
        if isinstance(value, str) and len(value) <= _LONGEST_VALUE and "thumbnail" not in key
    }
