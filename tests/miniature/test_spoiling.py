"""What is written into prompts besides the picture."""

import random

from counterprompt.miniature.spoiling import filler_terms, foreign_terms, say_content
from counterprompt.miniature.world import sample_scene
from counterprompt.prompts.families import ModelFamily, family_of_term
from counterprompt.prompts.folding import fold


def test_content_names_what_shows():
    """Colour, shape, background and style, however it is worded."""
    for seed in range(20):
        rng = random.Random(seed)
        scene = sample_scene(rng, style="striped")
        text = fold(", ".join(say_content(scene, rng)).replace(":1.2", ""))

        assert all(word in text for word in (scene.colour, scene.shape, scene.background, "striped"))


def test_filler_is_different_each():
    """No term twice."""
    assert 90 == len(set(filler_terms(90, random.Random(1))))


def test_foreign_words_belong_to_another_family():
    """Each is known to one family alone."""
    for seed in range(20):
        words, _ = foreign_terms(random.Random(seed))
        assert all(family_of_term(word) in (ModelFamily.PONY, ModelFamily.ILLUSTRIOUS) for word in words)
