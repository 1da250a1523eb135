"""The public aesthetic heads, by the SHA-256 of their files.

The hashes were reckoned from the files in the two repositories named below, neither of which has changed since 2023.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class KnownHead:
    """One public aesthetic head."""

    name: str
    """What it is, for reports."""
    file_name: str
    """As its repository spells it."""
    sha256: str
    """Of the file, 64 hexadecimal digits in lower case."""
    architecture: str
    """The CLIP it was trained on, with OpenAI's weights; open_clip's spelling."""
    licence: str
    """SPDX identifier."""
    repository: str
    """On GitHub, OWNER/NAME."""

    @property
    def url(self) -> str:
        """Where to download it."""
        return f"https://github.com/{self.repository}/raw/main/{self.file_name.replace('+', '%2B')}"


_V1: Final = ("MIT", "LAION-AI/aesthetic-predictor")
_V2: Final = ("Apache-2.0", "christophschuhmann/improved-aesthetic-predictor")

KNOWN_HEADS: Final = (
    KnownHead(
        "LAION v2",
        "sac+logos+ava1-l14-linearMSE.pth",
        "21dd590f3ccdc646f0d53120778b296013b096a035a2718c9cb0d511bff0f1e0",
        "ViT-L-14",
        *_V2,
    ),
    KnownHead(
        "LAION v2 (AVA and logos)",
        "ava+logos-l14-linearMSE.pth",
        "390a3aafaf3b37d57148f9b22f30556de38343064b7d915acfa80d3812b4c9ff",
        "ViT-L-14",
        *_V2,
    ),
    KnownHead(
        "LAION v1",
        "sa_0_4_vit_l_14_linear.pth",
        "2cd4e60f4f24ae3bcd57b847b13c1f3ba27edc28cc1a7f9ce74ee9f421243cba",
        "ViT-L-14",
        *_V1,
    ),
    KnownHead(
        "LAION v1 for B/32",
        "sa_0_4_vit_b_32_linear.pth",
        "c7b14cead230694acc7b9447974d3cad78003c72da032e402a303b6c2429e85f",
        "ViT-B-32",
        *_V1,
    ),
    KnownHead(
        "LAION v1 for B/16",
        "sa_0_4_vit_b_16_linear.pth",
        "8ad3923d7ecf019df20ecd2ab5542a3075fbba0278d239c0371345f3d7fcbde0",
        "ViT-B-16",
        *_V1,
    ),
)

KNOWN_NAMES: Final = frozenset(head.file_name for head in KNOWN_HEADS)


def head_of_hash(sha256: str) -> KnownHead | None:
    """Return the public head whose file has this hash, or None."""
    return next((head for head in KNOWN_HEADS if head.sha256 == sha256), None)


def head_of_name(file_name: str) -> KnownHead | None:
    """Return the public head whose file is called so, or None."""
    return next((head for head in KNOWN_HEADS if head.file_name == file_name), None)
