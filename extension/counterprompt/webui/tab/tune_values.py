"""Values of the Tune step that its layout and its checks share; light, since the page is built with them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

LAYERS: Final = ("base", "structure", "style", "dynamic")
"""The layers on offer, in the order of the page."""
MOST_MINUTES: Final = 10_000
"""Largest time limit: a week."""
MOST_QUESTIONS: Final = 200
"""Most questions that a study may ask."""


@dataclass(frozen=True)
class LayerRow:
    """One layer as the page shows it."""

    name: str
    """One of LAYERS."""
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
