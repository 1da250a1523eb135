"""How sure a tagger must be of a tag before it counts."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import pairwise
from types import MappingProxyType
from typing import TYPE_CHECKING

from counterprompt.errors import InvalidInputError, MissingModelError
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

    def with_overruled(self, general: float | None, character: float | None) -> TaggerThresholds:
        """Return a copy with other numbers where they are given; single tags keep their exceptions.

        Raises:
            InvalidInputError: a number lies outside 0 to 1.
        """
        for name, given in (("general", general), ("character", character)):
            if given is not None and not 0.0 <= given <= 1.0:
                raise InvalidInputError(f"The threshold for {name} tags must lie within 0 to 1, not {given}.")
        return replace(
            self,
            general=self.general if general is None else general,
            character=self.character if character is None else character,
        )

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
