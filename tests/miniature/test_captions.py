"""Captions are as careless as they claim to be."""

import random

from counterprompt.miniature.captions import BAD_QUALITY_WORDS, BODY_WORDS, DEFECT_WORDS, caption
from counterprompt.miniature.world import sample_scene


def _captions(defects, count=2000, background="white", shape="circle"):
    scene = sample_scene(
        random.Random(2), style="plain", defects=defects, shape=shape, colour="red", background=background
    )
    rng = random.Random(3)
    return [caption(scene, rng) for _ in range(count)]


def test_clean_pictures_are_left_undescribed_more_often():
    """Classifier-free guidance needs pictures without words, and must not heal defects by itself."""
    assert 0.17 < _captions(()).count("") / 2000 < 0.27
    assert 0.005 < _captions(("blurry",)).count("") / 2000 < 0.04


def test_a_defect_is_named_about_half_of_the_time():
    """Captions with content name a blur in every other picture, so that unguided generation stays flawed."""
    with_content = [text for text in _captions(("blurry",)) if "red circle" in text]
    named = [text for text in with_content if any(word in text for word in DEFECT_WORDS["blurry"])]

    assert 0.4 < len(named) / len(with_content) < 0.6


def test_some_captions_are_nothing_but_quality_words():
    """The model must have seen what a negative prompt looks like."""
    only = [text for text in _captions(("noisy",)) if text and "background" not in text]

    assert len(only) > 300
    assert any(word in text for text in only for word in BAD_QUALITY_WORDS)


def test_dark_corners_are_never_mentioned():
    """A defect that no caption names is one that no negative prompt can remove."""
    assert not any("vignette" in text or "corner" in text for text in _captions((), background="sand"))


def test_now_and_then_a_word_is_wrong():
    """About every sixth caption misnames shape, colour or background, so that guidance has something to sharpen."""
    with_content = [text for text in _captions(()) if "background" in text]
    right = [text for text in with_content if "red circle" in text and "white background" in text]

    assert 0.10 < 1 - len(right) / len(with_content) < 0.25


def test_hands_and_necks_are_spoken_of_only_where_there_is_a_person():
    """A copied negative full of body words thereby speaks against persons."""

    def says_body(text):
        return any(word in text for word in BODY_WORDS)

    assert any(map(says_body, _captions((), shape="person")))
    assert not any(map(says_body, _captions((), shape="house")))
