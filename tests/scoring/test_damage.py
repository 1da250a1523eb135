"""Pictures damaged on purpose."""

import pytest
from PIL import Image

from counterprompt.errors import InvalidInputError
from counterprompt.scoring.damage import DAMAGES, damage_picture, damaged_pairs, picture_parts


@pytest.mark.parametrize("defect", DAMAGES)
def test_damage_is_repeatable_and_visible(pictures, defect):
    """The same seed damages alike, keeps the size, and changes the picture."""
    damaged = damage_picture(pictures[0], defect, 7)

    assert damaged.tobytes() == damage_picture(pictures[0], defect, 7).tobytes()
    assert pictures[0].size == damaged.size
    assert pictures[0].tobytes() != damaged.tobytes()


def test_unknown_damage_is_refused(pictures):
    """A defect that cannot be made is named with those that can."""
    with pytest.raises(InvalidInputError, match='"bad hands" on purpose; choose one of blurry'):
        damage_picture(pictures[0], "bad hands")


@pytest.mark.parametrize(("size", "count"), [((640, 480), 5), ((64, 64), 5), ((64, 40), 1), ((8, 8), 1)])
def test_parts_make_several_pictures_of_a_large_one(size, count):
    """A picture comes with its four corners, unless they would be too small to show anything."""
    parts = picture_parts(Image.new("RGB", size))

    assert count == len(parts)
    assert size == parts[0].size
    assert {(round(size[0] * 0.75), round(size[1] * 0.75))} >= {part.size for part in parts[1:]}


def test_pairs_hold_every_damage_of_every_picture(pictures):
    """Each picture is paired with each of its damaged forms; damages nobody can do are passed over."""
    pairs = damaged_pairs(pictures, ["noisy", "jpeg artifacts", "bad hands"])

    assert [("noisy", 3), ("jpeg artifacts", 3)] == [
        (defect, sum(pair.defect == defect for pair in pairs)) for defect in ("noisy", "jpeg artifacts")
    ]
    assert 6 == len(pairs)
