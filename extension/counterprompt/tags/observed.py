"""What a tagger saw in one picture."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class TagCategory(IntEnum):
    """Booru tag categories, with the numbers that label files use: WD's own have general, character and rating only."""

    GENERAL = 0
    ARTIST = 1
    COPYRIGHT = 3
    CHARACTER = 4
    META = 5
    RATING = 9


@dataclass(frozen=True)
class ObservedTag:
    """One tag with how sure the tagger is."""

    name: str
    """Spelled with spaces, lower case: "bad anatomy"."""
    category: TagCategory
    confidence: float
    """0 to 1."""


@dataclass(frozen=True)
class ObservedTags:
    """Every tag of one picture that passed its category's threshold, most confident first."""

    tags: tuple[ObservedTag, ...]
    vocabulary: frozenset[str]
    """Every tag the tagger could have given, spelled as in *tags*; ratings are not compared and left out."""

    def confidence(self, name: str) -> float | None:
        """Return how sure the tagger is of *name*, or None where it did not see it."""
        return next((tag.confidence for tag in self.tags if tag.name == name), None)

    def names(self, category: TagCategory = TagCategory.GENERAL) -> tuple[str, ...]:
        """Name the tags of one category, most confident first."""
        return tuple(tag.name for tag in self.tags if tag.category is category)
