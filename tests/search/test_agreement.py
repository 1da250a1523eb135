"""Agreement of what a tagger sees with what is wanted."""

from __future__ import annotations

import pytest

from counterprompt.search.agreement import tag_agreement
from counterprompt.tags.observed import ObservedTag, ObservedTags, TagCategory


def _tags(**confidences: float) -> ObservedTags:
    tags = tuple(ObservedTag(name, TagCategory.GENERAL, each) for name, each in confidences.items())
    return ObservedTags(tags, frozenset(confidences))


@pytest.mark.parametrize(
    ("wanted", "seen", "expected"),
    [
        (_tags(house=0.9), _tags(house=0.9), 1.0),
        (_tags(house=0.9), _tags(star=0.9), 0.0),
        (_tags(house=0.8, red=0.4), _tags(house=0.4), 0.4 / 1.2),
        (_tags(house=0.4), _tags(house=0.8, red=0.4), 0.4 / 1.2),
        (_tags(), _tags(), 1.0),
    ],
)
def test_agreement_is_the_share_of_confidence_that_both_have(
    wanted: ObservedTags, seen: ObservedTags, expected: float
) -> None:
    """Shared over all confidence; what is missing and what is too much both cost."""
    assert pytest.approx(expected) == tag_agreement(wanted, seen)


def test_a_defect_that_is_there_already_counts_neither_way() -> None:
    """Nobody wants the dropped picture's blur again, and nobody can complain of it."""
    blurred = _tags(house=0.9, blurry=0.9)

    assert 1.0 == tag_agreement(blurred, _tags(house=0.9))
    assert 1.0 == tag_agreement(blurred, _tags(house=0.9, blurry=0.5))


def test_a_new_defect_costs() -> None:
    """A watermark that the dropped picture does not have makes a picture less like it."""
    assert pytest.approx(0.5) == tag_agreement(_tags(house=0.9), _tags(house=0.9, watermark=0.9))


def test_ratings_are_no_content() -> None:
    """The surest tag of every picture would otherwise make all of them alike."""
    rating = ObservedTags((ObservedTag("general", TagCategory.RATING, 1.0),), frozenset())

    assert 0.0 == tag_agreement(ObservedTags((*_tags(house=0.9).tags, *rating.tags), frozenset()), rating)
