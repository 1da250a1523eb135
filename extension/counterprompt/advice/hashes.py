"""Hashes of model files: of which kind a written one can be, and whether a file here has it (FIELD.md b6, C1)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import Final

SHA256_OF_NOTHING: Final = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
"""SHA-256 of no bytes; any beginning of it says that the writer hashed nothing."""

HASH_OF_NOTHING: Final = SHA256_OF_NOTHING[:12]
"""As WebUIs store it for files that they failed to read: no hash at all."""

LEGACY_DIGITS: Final = 8
_SHORTEST_SHA256: Final = 10
"""Hashes of fewer digits are of the old kind and cannot be compared with the new ones."""
_LONGEST: Final = 64
_HEX = re.compile(r"(?:0x)?([0-9a-f]+)", re.IGNORECASE)


class HashKind(Enum):
    """How a model file is hashed."""

    LEGACY = "legacy"
    """8 digits: SHA-256 of the 64 KiB that begin at 1 MiB (A1111 before 2023; Civitai: AutoV1; kohya: sshs_legacy)."""
    SHA256 = "SHA-256"
    """The whole file; its first 10 digits are A1111's model shorthash and Civitai's AutoV2."""
    AUTOV3 = "AutoV3"
    """SHA-256 of a safetensors file behind its header; A1111 writes 12 digits for LoRAs (addnet, sshs_model_hash)."""
    BLAKE3 = "BLAKE3"
    """Civitai gives it; never computed here."""
    CRC32 = "CRC32"
    """Civitai gives it; never computed here."""


_LABELS: Final = {
    "autov1": HashKind.LEGACY,
    "autov2": HashKind.SHA256,
    "autov3": HashKind.AUTOV3,
    "sha256": HashKind.SHA256,
    "blake3": HashKind.BLAKE3,
    "crc32": HashKind.CRC32,
}


@dataclass(frozen=True)
class WrittenHash:
    """A hash as somebody wrote it into an infotext."""

    digits: str
    """8 to 64 hexadecimal digits, lower case."""
    kind: HashKind | None = None
    """As labelled; None where only its length tells."""


@dataclass(frozen=True)
class FileHashes:
    """What is known of one file; "" is not known. Shortened ones are compared as far as they go."""

    sha256: str = ""
    """Of the whole file, at least 10 digits."""
    autov3: str = ""
    """Of a safetensors file behind its header, at least 10 digits."""
    legacy: str = ""
    """8 digits of the old kind."""
    claimed: tuple[str, ...] = ()
    """What the file's own header says of its hashes; A1111 prefers it to computing them."""

    def of_kind(self, kind: HashKind) -> str:
        """Return the digest of *kind*, "" where it is not known."""
        digests = {HashKind.SHA256: self.sha256, HashKind.AUTOV3: self.autov3, HashKind.LEGACY: self.legacy}
        return digests.get(kind, "")


class HashMatch(Enum):
    """What comparing two hashes tells."""

    SAME = "same"
    DIFFERENT = "different"
    UNTOLD = "untold"
    """One of them is absent, or they are of different kinds."""


def read_hash(text: object) -> WrittenHash | None:
    """Read a written hash such as "6CE0161689", "0x6ce0…" or "BLAKE3:ab12…".

    Returns:
        None where *text* is no text, no hash of 8 to 64 digits, or the hash of nothing.
    """
    if not isinstance(text, str) or len(text) > 2 * _LONGEST:
        return None
    label, _, digits = text.strip().rpartition(":")
    found = _HEX.fullmatch(digits.strip())
    written = found[1].lower() if found else ""
    if not LEGACY_DIGITS <= len(written) <= _LONGEST or SHA256_OF_NOTHING.startswith(written):
        return None
    return WrittenHash(written, _LABELS.get(label.strip().lower()))


def deciding_kind(written: WrittenHash, *, is_lora: bool) -> HashKind:
    """Return the kind that must be known of a file before it can be told to differ from *written*.

    A1111 writes 12 digits of AutoV3 for LoRAs and beginnings of SHA-256 for all other files; Civitai and Fooocus write
    10 digits of SHA-256 for LoRAs too.
    """
    if written.kind:
        return written.kind
    if len(written.digits) < _SHORTEST_SHA256:
        return HashKind.LEGACY
    return HashKind.AUTOV3 if is_lora and len(written.digits) > _SHORTEST_SHA256 else HashKind.SHA256


def match_hash(written: WrittenHash | None, found: FileHashes, *, is_lora: bool) -> HashMatch:
    """Compare *written* with what is known of a file.

    Any agreement counts, whoever computed the hash; a difference counts only in the deciding kind.
    """
    if written is None:
        return HashMatch.UNTOLD
    known = [*found.claimed, found.legacy, *(() if _is_old(written) else (found.sha256, found.autov3))]
    if any(_agree(written.digits, digest) for digest in known):
        return HashMatch.SAME
    decisive = found.of_kind(deciding_kind(written, is_lora=is_lora))
    return HashMatch.DIFFERENT if len(decisive) >= LEGACY_DIGITS else HashMatch.UNTOLD


def _is_old(written: WrittenHash) -> bool:
    return len(written.digits) < _SHORTEST_SHA256


def _agree(written: str, digest: str) -> bool:
    """Whether both begin alike; eight digits only agree with eight, for the old kind is no beginning of the new."""
    length = min(len(written), len(digest))
    if length < LEGACY_DIGITS or (length < _SHORTEST_SHA256 and len(written) != len(digest)):
        return False
    return written[:length] == digest[:length].lower()
