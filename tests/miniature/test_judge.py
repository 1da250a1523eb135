"""The judge knows the drawn world by heart."""

import random

import pytest
from PIL import Image

from counterprompt.miniature.drawing import draw
from counterprompt.miniature.judge import Judgement, harshness, load_judge
from counterprompt.miniature.labels import TAGS
from counterprompt.miniature.world import sample_scene


@pytest.fixture(scope="module")
def drawn():
    """Two hundred fresh scenes and their pictures."""
    rng = random.Random(31_337)
    scenes = [sample_scene(rng) for _ in range(200)]
    return scenes, [Image.fromarray(draw(scene)) for scene in scenes]


@pytest.mark.parametrize("group", ["shape", "colour", "background"])
def test_content_is_recognised(drawn, group):
    """At least 95 % of fresh pictures are named right."""
    scenes, pictures = drawn
    named = [judgement.most_likely(group).removesuffix(" background") for judgement in load_judge().judge(pictures)]

    assert sum(getattr(scene, group) == name for scene, name in zip(scenes, named)) >= 190


def test_defects_are_recognised(drawn):
    """At least 95 % of all (picture, defect) pairs are judged right."""
    scenes, pictures = drawn
    judged = load_judge().judge(pictures)

    wrong = sum(len(set(scene.defects) ^ set(judgement.defects)) for scene, judgement in zip(scenes, judged))

    assert wrong <= 50


def test_rates_are_shares_of_pictures(drawn):
    """Rates of the parts do not exceed the rate of any defect, nor 1."""
    rates = load_judge().defect_rates(drawn[1])

    assert max(rates.values()) == rates["any"] <= 1


def test_extra_arms_count_on_persons_alone():
    """A star with arms is no anatomy."""
    certain = dict.fromkeys(TAGS, 0.0) | {"bad anatomy": 1.0, "star": 0.9, "person": 0.4}

    assert () == Judgement(certain).defects
    assert ("bad anatomy",) == Judgement({**certain, "person": 0.95}).defects


def test_clipping_is_what_makes_a_picture_harsh():
    """A white picture is all clipped, a grey one not at all."""
    assert 1.0 == harshness([Image.new("RGB", (64, 64), "white")])
    assert 0.0 == harshness([Image.new("RGB", (64, 64), "gray")])
