"""The pictures of the scorer's self-test."""

from collections import Counter

from counterprompt.miniature.pairs import SCENES, defect_pairs
from counterprompt.miniature.world import DEFECTS


def test_every_defect_is_shown_on_every_scene_that_can_have_it():
    """Each defect is paired with each scene, bad anatomy with the people, and each pair differs."""
    pairs = defect_pairs()

    assert {defect: SCENES // 2 if defect == "bad anatomy" else SCENES for defect in DEFECTS} == Counter(
        pair.defect for pair in pairs
    )
    assert [] == [pair for pair in pairs if pair.good.tobytes() == pair.damaged.tobytes()]


def test_the_pairs_are_the_same_every_time():
    """A resumed study is tested on the same pixels."""
    first, second = defect_pairs(4), defect_pairs(4)

    assert [(pair.defect, pair.good.tobytes(), pair.damaged.tobytes()) for pair in first] == [
        (pair.defect, pair.good.tobytes(), pair.damaged.tobytes()) for pair in second
    ]
