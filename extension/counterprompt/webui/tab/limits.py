"""What the tab offers at most, for its layout and its checks; light, since the page is built with it."""

from __future__ import annotations

from typing import Final

LAYERS: Final = ("base", "structure", "style", "dynamic")
"""The layers on offer, in the order of the page."""
MOST_MINUTES: Final = 10_000
"""Largest time limit: a week."""
MOST_QUESTIONS: Final = 200
"""Most questions that a study may ask."""
MOST_SEEDS: Final = 64
"""Seeds that a comparison in the tab may draw on."""
