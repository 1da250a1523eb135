"""Whether a file is what it should be: its hash, and whether it is an ONNX model or a label list at all."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

_CHUNK: Final = 1 << 20
_SHA256: Final = re.compile(r"[0-9a-f]{64}")
_GIT_SHA1: Final = re.compile(r"[0-9a-f]{40}")


def sha256_of(path: Path) -> str:
    """Return the sha256 of a file as 64 hex digits."""
    return _digest(path, hashlib.sha256())


def git_hash_of(path: Path) -> str:
    """Return the git blob hash of a file as 40 hex digits: sha1 of "blob SIZE", a zero byte and the content."""
    digest = hashlib.sha1(b"blob %d\0" % path.stat().st_size, usedforsecurity=False)
    return _digest(path, digest)


def is_hash(text: str) -> bool:
    """Return whether an etag is a hash of the content that `has_hash` can check."""
    return bool(_SHA256.fullmatch(text) or _GIT_SHA1.fullmatch(text))


def has_hash(path: Path, expected: str) -> bool:
    """Return whether a file's content has the hash *expected*: 64 hex digits sha256, 40 a git blob hash."""
    return expected == (sha256_of(path) if _SHA256.fullmatch(expected) else git_hash_of(path))


def fault_in(path: Path, kind: str) -> str:
    """Say what a file is instead of an ONNX model (*kind* ".onnx"), a list (".csv") or a JSON object (".json").

    "" is for one that may be it.

    Only the beginning is read. An ONNX file is a protobuf message whose first field is the format's version: byte 8
    and a small number. A label list names its columns, of which `name` and `category` are needed.
    """
    with path.open("rb") as stream:
        head = stream.read(512)
    if not head:
        return "an empty file"
    if head.startswith(b"version https://git-lfs.github.com/"):
        return "the pointer of Git LFS in place of the file"
    if kind == ".json" and head.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] == b"{":
        return ""
    if head.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] in {b"<", b"{"}:
        return "a web page or an error message"
    if kind == ".onnx":
        return "" if head[0] == 8 and len(head) > 1 and 1 <= head[1] <= 64 else "no ONNX model"
    columns = {part.strip(' "\r') for part in head.decode("utf-8-sig", "replace").split("\n")[0].split(",")}
    return "" if {"name", "category"} <= columns else "no list of tags with the columns name and category"


def _digest(path: Path, digest: hashlib._Hash) -> str:
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
