"""How far a tagger sees the same in a picture as in the one that it is to be like."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counterprompt.negative.evidence import is_defect
from counterprompt.tags.observed import TagCategory

if TYPE_CHECKING:
    from counterprompt.tags.observed import ObservedTags


def tag_agreement(wanted: ObservedTags, seen: ObservedTags) -> float:
    """Compare what is *seen* in a picture with what is *wanted*: shared confidence over all confidence, 0 to 1.

    This is the Ruzicka similarity, sum of minima over sum of maxima; of two empty sides it is 1. Ratings are left out,
    and so are the defects that are among the wanted: whoever wants a picture again may do without its blur, and must
    not lose by it either. A defect that is not among them makes the two differ.
    """
    first, second = _confidences(wanted), _confidences(seen)
    names = [name for name in first.keys() | second.keys() if not (name in first and is_defect(name))]
    shared = sum(min(first.get(name, 0.0), second.get(name, 0.0)) for name in names)
    every = sum(max(first.get(name, 0.0), second.get(name, 0.0)) for name in names)
    return shared / every if every else 1.0


def _confidences(observed: ObservedTags) -> dict[str, float]:
    return {tag.name: tag.confidence for tag in observed.tags if tag.category is not TagCategory.RATING}
