"""Computing the hashes of model files, in one pass, stoppable."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Final

from counterprompt.advice.hashes import LEGACY_DIGITS, HashKind
from counterprompt.inventory.safetensors_header import tensors_offset

_PIECE: Final = 4 * 2**20
_LEGACY_BEGIN: Final = 0x100000
_LEGACY_LENGTH: Final = 0x10000

Heard = Callable[[int], None]
"""Hears of the bytes read since it last heard; may raise to stop."""


def legacy_hash(path: Path) -> str:
    """Return the 8 digits of the old kind: SHA-256 of 64 KiB from 1 MiB on (A1111 `modules/sd_models.py` model_hash).

    Of a file that ends before, it is the hash of nothing.

    Raises:
        OSError: the file cannot be read.
    """
    with path.open("rb") as file:
        file.seek(_LEGACY_BEGIN)
        return hashlib.sha256(file.read(_LEGACY_LENGTH)).hexdigest()[:LEGACY_DIGITS]


def hash_file(path: Path, *, with_autov3: bool, heard: Heard) -> dict[HashKind, str]:
    """Return the SHA-256 of *path*, and with it, where asked for, that of the tensors alone (addnet, AutoV3).

    A1111 `modules/hashes.py`: the latter leaves out the eight bytes of length and the header; a file that is no
    safetensors file has no header, so both are the same.

    Args:
        path: the file.
        with_autov3: whether the second is wanted.
        heard: is told of every piece read, in bytes.

    Raises:
        OSError: the file cannot be read.
    """
    offset = (tensors_offset(path) or 0) if with_autov3 else 0
    whole, tensors = hashlib.sha256(), hashlib.sha256()
    with path.open("rb", buffering=0) as file:
        header = file.read(offset)
        whole.update(header)
        while piece := file.read(_PIECE):
            whole.update(piece)
            if offset:
                tensors.update(piece)
            heard(len(piece))
    digest = whole.hexdigest()
    if not with_autov3:
        return {HashKind.SHA256: digest}
    return {HashKind.SHA256: digest, HashKind.AUTOV3: tensors.hexdigest() if offset else digest}
