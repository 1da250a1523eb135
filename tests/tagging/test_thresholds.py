"""Thresholds of taggers."""

import pytest

from counterprompt.errors import MissingModelError
from counterprompt.tagging.thresholds import TaggerThresholds, widest_gap_threshold
from counterprompt.tags.observed import TagCategory


@pytest.mark.parametrize(
    ("name", "category", "expected"),
    [
        ("sky", TagCategory.GENERAL, 0.3),
        ("scan", TagCategory.META, 0.3),
        ("hatsune miku", TagCategory.CHARACTER, 0.7),
        ("vocaloid", TagCategory.COPYRIGHT, 0.7),
        ("somebody", TagCategory.ARTIST, 0.7),
        ("explicit", TagCategory.RATING, 0.0),
        ("blurry", TagCategory.GENERAL, 0.9),
    ],
)
def test_each_category_has_its_threshold(name, category, expected):
    """What is seen needs one threshold, who it is another; a tag's own rules over both, and ratings need none."""
    assert expected == TaggerThresholds(0.3, 0.7, {"blurry": 0.9}).least(name, category)


@pytest.mark.parametrize(("numbers", "remark"), [((1.1, 0.5), "general"), ((0.5, -0.1), "character")])
def test_thresholds_lie_within_0_to_1(numbers, remark):
    """A threshold that nothing or everything would pass is refused."""
    with pytest.raises(MissingModelError, match=remark):
        TaggerThresholds(*numbers)


@pytest.mark.parametrize(
    ("confidences", "expected"),
    [([0.9, 0.8, 0.2, 0.1], 0.5), ([0.1, 0.9], 0.5), ([0.04, 0.01], 0.05), ([0.7], 0.05), ([], 0.05)],
)
def test_widest_gap(confidences, expected):
    """The cut lies in the middle of the widest gap, but never below the floor."""
    assert pytest.approx(expected) == widest_gap_threshold(confidences)
