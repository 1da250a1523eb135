"""Values of the Tune step that what fills it and its checks share."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class LayerRow:
    """One layer as the page shows it."""

    name: str
    """One of `limits.LAYERS`."""
    is_on: bool
    """Whether it is on offer."""
    terms: str
    """Its terms, parted by commas."""


@dataclass(frozen=True)
class LoraRow:
    """One LoRA as the page shows it."""

    name: str
    """As written in the prompt. Comes from a picture: escape it."""
    own: float
    """Its weight in the prompt."""
    low: float
    """Lowest weight to try."""
    high: float
    """Highest weight to try."""
