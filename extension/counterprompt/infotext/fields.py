"""The one table of the infotext fields we give a type to, and how their texts become values."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum

_LONGEST_NUMBER = 24
HASH_OF_NOTHING = "e3b0c44298fc"
"""First digits of SHA-256 of the empty string: some WebUIs store it where they failed to hash a file (FIELD.md b6)."""


class FieldKind(Enum):
    """How the text of a field is to be read."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    SIZE = "size"
    HASHES = "hashes"


@dataclass(frozen=True)
class FieldSpec:
    """One field of the parameter line."""

    attribute: str
    """Name of the typed property of GenerationParams."""
    label: str
    """The WebUI's key in the parameter line."""
    kind: FieldKind
    """How its text is read."""


FIELDS = (
    FieldSpec("steps", "Steps", FieldKind.INTEGER),
    FieldSpec("sampler_name", "Sampler", FieldKind.TEXT),
    FieldSpec("scheduler", "Schedule type", FieldKind.TEXT),
    FieldSpec("cfg_scale", "CFG scale", FieldKind.NUMBER),
    FieldSpec("seed", "Seed", FieldKind.INTEGER),
    FieldSpec("size", "Size", FieldKind.SIZE),
    FieldSpec("first_pass_size", "First pass size", FieldKind.SIZE),
    FieldSpec("model_hash", "Model hash", FieldKind.TEXT),
    FieldSpec("model_name", "Model", FieldKind.TEXT),
    FieldSpec("vae_hash", "VAE hash", FieldKind.TEXT),
    FieldSpec("vae_name", "VAE", FieldKind.TEXT),
    FieldSpec("denoising_strength", "Denoising strength", FieldKind.NUMBER),
    FieldSpec("clip_skip", "Clip skip", FieldKind.INTEGER),
    FieldSpec("subseed", "Variation seed", FieldKind.INTEGER),
    FieldSpec("subseed_strength", "Variation seed strength", FieldKind.NUMBER),
    FieldSpec("hires_upscale", "Hires upscale", FieldKind.NUMBER),
    FieldSpec("hires_upscaler", "Hires upscaler", FieldKind.TEXT),
    FieldSpec("lora_hashes", "Lora hashes", FieldKind.HASHES),
    FieldSpec("embedding_hashes", "TI hashes", FieldKind.HASHES),
    FieldSpec("version", "Version", FieldKind.TEXT),
)
LABELS = {spec.attribute: spec.label for spec in FIELDS}


def read_integer(text: str | None) -> int | None:
    """Read a whole number, or None where *text* is none (too long ones included)."""
    digits = (text or "").strip()
    if not digits.isascii() or "_" in digits or len(digits) > _LONGEST_NUMBER:
        return None
    try:
        return int(digits)
    except ValueError:
        return None


def read_number(text: str | None) -> float | None:
    """Read a finite number, or None where *text* is none."""
    digits = (text or "").strip()
    if not digits.isascii() or "_" in digits or len(digits) > _LONGEST_NUMBER:
        return None
    try:
        number = float(digits)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def read_size(text: str | None) -> tuple[int, int] | None:
    """Read "WIDTHxHEIGHT" in pixels, or None where *text* is no such size."""
    width, cross, height = (text or "").strip().partition("x")
    if not cross or not width.isdigit() or not height.isdigit():
        return None
    pixels = (read_integer(width), read_integer(height))
    return None if pixels[0] is None or pixels[1] is None else (pixels[0], pixels[1])


def read_hashes(text: str | None) -> dict[str, str]:
    """Read "name: hash, other: hash" into name to hash, in order; entries without a colon are left out."""
    entries = (entry.rpartition(":") for entry in (text or "").split(","))
    return {name.strip(): digest.strip() for name, colon, digest in entries if colon}
