"""Labels agree with scenes."""

import random

from counterprompt.miniature.labels import DEFECT_TAGS, GROUPS, TAGS, tags_of
from counterprompt.miniature.world import sample_scene


def test_exactly_one_tag_of_each_group_is_true():
    """Shape, colour, background and style exclude their like."""
    rng = random.Random(4)
    for _ in range(100):
        truth = tags_of(sample_scene(rng))

        assert [1, 1, 1, 1] == [len(truth.intersection(group)) for group in GROUPS.values()]
        assert truth <= set(TAGS)


def test_sand_is_tagged_with_its_vignette():
    """The untreatable defect is part of the truth."""
    scene = sample_scene(random.Random(1), background="sand", defects=("blurry",))

    assert {"vignette", "blurry"} == tags_of(scene).intersection(DEFECT_TAGS)
