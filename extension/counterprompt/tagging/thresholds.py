"""How sure a tagger must be of a tag before it counts."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from types import MappingProxyType
from typing import TYPE_CHECKING

from counterprompt.errors import MissingModelError
from counterprompt.tags.observed import TagCategory

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True)
class TaggerThresholds:
    """Least confidence, 0 to 1, for each kind of tag."""

    general: float = 0.35
    """For general tags and meta tags."""
    character: float = 0.85
    """For names: characters, artists, copyrights."""
    tags: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    """Exceptions for single tags, spelled with spaces."""

    def __post_init__(self) -> None:
        for name, threshold in (("general", self.general), ("character", self.character), *self.tags.items()):
            if not 0.0 <= threshold <= 1.0:
                raise MissingModelError(f'The tagger threshold "{name}" must lie within 0 to 1, not {threshold}.')

    def least(self, name: str, category: TagCategory) -> float:
        """Return what the tag *name* of *category* needs; ratings compete, so they need nothing."""
        if category is TagCategory.RATING:
            return 0.0
        is_plain = category in (TagCategory.GENERAL, TagCategory.META)
        return self.tags.get(name, self.general if is_plain else self.character)


def widest_gap_threshold(confidences: Sequence[float], floor: float = 0.05) -> float:
    """Cut one picture's confidences at their widest gap: maximum cut thresholding (MCut, Largeron et al. 2012).

    Args:
        confidences: those of one category, 0 to 1, in any order.
        floor: the least threshold that is given back.

    Returns:
        The middle of the widest gap between neighbours, at least *floor*.
    """
    ordered = sorted(confidences, reverse=True)
    gaps = [(above - below, (above + below) / 2.0) for above, below in pairwise(ordered)]
    return max(floor, max(gaps)[1] if gaps else floor)
