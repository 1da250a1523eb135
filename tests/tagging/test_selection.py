"""Which of a model's tags count as seen."""

import numpy as np
import pytest

from counterprompt.tagging.labels import TagLabel
from counterprompt.tagging.selection import TagSelection
from counterprompt.tagging.thresholds import TaggerThresholds
from counterprompt.tags.observed import TagCategory

LABELS = [
    TagLabel("general", TagCategory.RATING),
    TagLabel("explicit", TagCategory.RATING),
    TagLabel("sky", TagCategory.GENERAL),
    TagLabel("sea", TagCategory.GENERAL),
    TagLabel("^_^", TagCategory.GENERAL),
    TagLabel("scan", TagCategory.META),
    TagLabel("hatsune miku", TagCategory.CHARACTER),
    TagLabel("kagamine rin", TagCategory.CHARACTER),
    TagLabel("vocaloid", TagCategory.COPYRIGHT),
]
GENERAL, CHARACTER = TagCategory.GENERAL, TagCategory.CHARACTER
THRESHOLDS = TaggerThresholds(0.5, 0.8)
LOW, HIGH = 0.2, 0.6


def _seen(confidences, thresholds=THRESHOLDS, widest_gap=()):
    return TagSelection(LABELS, thresholds, widest_gap).observe(np.array(confidences, dtype=np.float32))


def test_each_category_has_its_threshold():
    """General and meta tags need one confidence, names of any kind another; equal is enough."""
    observed = _seen([LOW, 0.1, 0.5, 0.49, LOW, HIGH, HIGH, 0.8, 0.79])

    assert ("scan", "sky") == tuple(tag.name for tag in observed.tags if tag.category in (0, 5))[:2]
    assert ("sky",) == observed.names()
    assert ("kagamine rin",) == observed.names(CHARACTER)
    assert () == observed.names(TagCategory.COPYRIGHT)


@pytest.mark.parametrize(("ratings", "expected"), [([0.2, 0.1], "general"), ([0.6, 0.9], "explicit")])
def test_only_the_likeliest_rating_is_given(ratings, expected):
    """Ratings compete with each other, not with a threshold."""
    assert (expected,) == _seen([*ratings, *[0.0] * 7]).names(TagCategory.RATING)


def test_a_single_tag_may_have_its_own_threshold():
    """An exception rules over the category's threshold, also over the widest gap, upwards and downwards."""
    thresholds = TaggerThresholds(0.5, 0.8, {"sky": 0.95, "^_^": 0.1})
    confidences = [LOW, 0.1, 0.9, 0.9, 0.15, 0.0, 0.0, 0.0, 0.0]

    assert ("sea", "^_^") == _seen(confidences, thresholds).names()
    assert ("sea", "^_^") == _seen(confidences, thresholds, {GENERAL}).names()


@pytest.mark.parametrize(
    ("widest_gap", "general", "characters"),
    [
        (set(), (), ()),
        ({GENERAL}, ("sky", "sea"), ()),
        ({CHARACTER}, (), ("hatsune miku",)),
        ({GENERAL, CHARACTER}, ("sky", "sea"), ("hatsune miku",)),
    ],
)
def test_the_widest_gap_is_looked_for_in_each_category(widest_gap, general, characters):
    """With the widest gap, what stands clear of its category's rest passes, although it is below the threshold."""
    observed = _seen([0.9, 0.1, 0.45, 0.4, 0.02, 0.3, 0.4, 0.05, 0.4], TaggerThresholds(0.5, 0.8), widest_gap)

    assert (general, characters) == (observed.names(), observed.names(CHARACTER))


def test_the_gap_of_faint_characters_lets_none_pass():
    """Where no character is in the picture, the widest gap lies in the noise and its floor holds."""
    observed = _seen([0.9, 0.1, 0.9, 0.9, 0.9, 0.0, 0.14, 0.01, 0.0], widest_gap={CHARACTER})

    assert () == observed.names(CHARACTER)


def test_tags_come_most_confident_first_and_with_the_vocabulary():
    """Tags are ordered by confidence, then by name; the vocabulary names every label but ratings."""
    observed = _seen([0.7, 0.1, 0.75, 0.75, 0.9, 0.0, 0.0, 0.0, 0.0])

    assert ["^_^", "sea", "sky", "general"] == [tag.name for tag in observed.tags]
    assert {label.name for label in LABELS} - {"general", "explicit"} == observed.vocabulary
