"""Which of a model's tags count as seen in a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from counterprompt.tagging.thresholds import widest_gap_threshold
from counterprompt.tags.observed import ObservedTag, ObservedTags, TagCategory

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    import numpy.typing as npt

    from counterprompt.tagging.labels import TagLabel
    from counterprompt.tagging.thresholds import TaggerThresholds

_GAP_FLOORS: Final = {TagCategory.GENERAL: 0.05, TagCategory.CHARACTER: 0.15}
"""Least threshold that the widest gap may give; for characters it is that of SmilingWolf's own demonstration."""


class TagSelection:
    """Turns a model's confidences into tags.

    Args:
        labels: what each confidence stands for.
        thresholds: the least confidences.
        widest_gap: categories, of general and character, whose tags are cut at their widest gap in each picture instead
            of at their threshold (MCut); tags with a threshold of their own keep it. Where one tag stands far above the
            others only that one is left.
    """

    def __init__(
        self, labels: Sequence[TagLabel], thresholds: TaggerThresholds, widest_gap: Collection[TagCategory] = ()
    ) -> None:
        self._labels = labels
        self._least = np.array([thresholds.least(label.name, label.category) for label in labels])
        self._is_usual = np.array([label.name not in thresholds.tags for label in labels])
        categories = np.array([int(label.category) for label in labels])
        self._of_category = {category: categories == int(category) for category in TagCategory}
        self._gap_floors = {one: floor for one, floor in _GAP_FLOORS.items() if one in widest_gap}
        # Prompts are not compared with ratings: "general" and "sensitive" in a prompt mean something else or nothing.
        self.vocabulary = frozenset(label.name for label in labels if label.category is not TagCategory.RATING)

    def observe(self, confidences: npt.NDArray[np.float32]) -> ObservedTags:
        """Return the tags of one picture from the model's *confidences*: 0 to 1, shape (tags,).

        Ratings compete, so that the likeliest is given whatever it reaches, and no other.
        """
        columns = np.flatnonzero(confidences >= self._least_confidences(confidences)).tolist()
        ratings = self._of_category[TagCategory.RATING]
        if ratings.any():
            columns.append(int(np.where(ratings, confidences, -1.0).argmax()))
        seen = [ObservedTag(self._labels[at].name, self._labels[at].category, float(confidences[at])) for at in columns]
        return ObservedTags(tuple(sorted(seen, key=lambda tag: (-tag.confidence, tag.name))), self.vocabulary)

    def _least_confidences(self, confidences: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
        """Return what each tag needs in this picture, shape (tags,); no rating passes by itself."""
        least = self._least.copy()
        for category, floor in self._gap_floors.items():
            members = self._of_category[category]
            least[members & self._is_usual] = widest_gap_threshold(confidences[members].tolist(), floor)
        least[self._of_category[TagCategory.RATING]] = np.inf
        return least
