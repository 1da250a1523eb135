"""Antonym prompts for each defect a negative prompt can name, and the reader of a model folder's own table.

A model folder brings its own table as `probes.json`::

    {"blurry": [["a sharp photo", "a blurry photo"], ["clear edges", "smeared edges"]],
     "noisy": {"pairs": [["a clean picture", "a noisy picture"]], "scale": 40.0, "bias": -0.5}}

Each key is a defect term as negative prompts spell it; each pair is the good text, then the bad text. *scale*
(default: the CLIP's own logit scale) and *bias* (default 0) calibrate the probability. The method is CLIP-IQA's (Wang,
Chan & Loy 2023), with prompts of our own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from counterprompt.errors import MissingModelError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

PROBES_NAME: Final = "probes.json"
_LARGEST: Final = 1e6
"""Of a scale or a bias; a CLIP's own scale is 100."""


@dataclass(frozen=True)
class AntonymPrompts:
    """The texts that tell one defect from its absence."""

    defect: str
    """The term as negative prompts spell it, such as "blurry"."""
    pairs: tuple[tuple[str, str], ...]
    """Good text and bad text, at least one pair."""
    scale: float | None = None
    """What a similarity difference is multiplied with, above 0; None takes the CLIP's own logit scale."""
    bias: float = 0.0
    """Added before the sigmoid."""


BUILT_IN_PROBES: Final = tuple(
    AntonymPrompts(defect, pairs)
    for defect, pairs in {
        "low quality": (
            ("a good photo.", "a bad photo."),
            ("a high quality image", "a low quality image"),
            ("a high resolution image", "a low resolution image"),
        ),
        "blurry": (
            ("a sharp photo.", "a blurry photo."),
            ("an image in sharp focus", "an image that is out of focus"),
            ("sharp edges", "blurry edges"),
        ),
        "noisy": (
            ("a clean photo.", "a noisy photo."),
            ("a noise-free image", "an image full of noise"),
            ("smooth, clean areas", "grainy, speckled areas"),
        ),
        "overexposed": (
            ("a well exposed photo.", "an overexposed photo."),
            ("detailed highlights", "blown out, washed out highlights"),
        ),
        "underexposed": (
            ("a well exposed photo.", "an underexposed photo."),
            ("detailed shadows", "crushed, black shadows"),
        ),
        "watermark": (
            ("a picture without any text", "a picture with a watermark across it"),
            ("an unmarked photo", "a stock photo with a logo and a signature"),
        ),
        "bad anatomy": (
            ("a person with a natural body", "a person with a deformed body"),
            ("correct anatomy", "bad anatomy, extra limbs"),
        ),
        "bad hands": (
            ("a hand with five natural fingers", "a mutated hand with fused fingers"),
            ("well drawn hands", "malformed hands"),
        ),
        "jpeg artifacts": (("a clean image", "an image with strong compression artifacts"),),
        "garish colors": (("natural, balanced colors", "garish, oversaturated colors"),),
    }.items()
)
"""The table for CLIPs that bring none, written for models trained on web captions."""


def parse_probes(table: Mapping[str, Any], source: Path) -> tuple[AntonymPrompts, ...]:
    """Check a table as `probes.json` holds it and return its probes, in order.

    Raises:
        MissingModelError: an entry has another form, an empty text, or a scale that is not above 0.
    """
    if not table:
        raise MissingModelError(f"{source} names no defect; add one or remove the file to use the built-in probes.")
    return tuple(_parse_probe(defect, entry, source) for defect, entry in table.items())


def _parse_probe(defect: str, entry: Any, source: Path) -> AntonymPrompts:
    fields = entry if isinstance(entry, dict) else {"pairs": entry}
    pairs, scale, bias = fields.get("pairs"), fields.get("scale"), fields.get("bias", 0.0)
    if not isinstance(pairs, list) or not pairs or not all(_is_pair(pair) for pair in pairs):
        raise MissingModelError(f'"{defect}" in {source} needs a list of ["good text", "bad text"] pairs.')
    if scale is not None and (not _is_number(scale) or scale <= 0):
        raise MissingModelError(f'The scale of "{defect}" in {source} must be a number above 0, not {scale!r}.')
    if not _is_number(bias):
        raise MissingModelError(f'The bias of "{defect}" in {source} must be a number, not {bias!r}.')
    texts = tuple((str(good), str(bad)) for good, bad in pairs)
    return AntonymPrompts(defect, texts, None if scale is None else float(scale), float(bias))


def _is_pair(pair: Any) -> bool:
    return isinstance(pair, list) and len(pair) == 2 and all(isinstance(text, str) and text.strip() for text in pair)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) <= _LARGEST
