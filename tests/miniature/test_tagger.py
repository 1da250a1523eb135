"""The miniature's tagger says only what captions say."""

import random

from PIL import Image

from counterprompt.advice.advise import advise
from counterprompt.advice.choice import Goal
from counterprompt.advice.resources import find_resources
from counterprompt.infotext.params import GenerationParams
from counterprompt.miniature.captions import caption
from counterprompt.miniature.tagger import UNSPOKEN, MiniatureTagger
from counterprompt.miniature.world import sample_scene
from counterprompt.tags.diff import diff_prompt
from counterprompt.tags.observed import ObservedTag, ObservedTags, TagCategory


class PlainTagger:
    """Sees a plain red circle in everything."""

    vocabulary = frozenset({"circle", "red", "plain", "striped"})

    def tag(self, images):
        """See the same in each picture."""
        tags = tuple(ObservedTag(name, TagCategory.GENERAL, 0.9) for name in ("circle", "red", "plain"))
        return [ObservedTags(tags, self.vocabulary) for _ in images]


def test_what_no_caption_says_is_not_seen():
    """The style that is none is neither given nor in the vocabulary; everything else stays."""
    tagger = MiniatureTagger(PlainTagger())

    (observed,) = tagger.tag([Image.new("RGB", (8, 8))])

    assert ("circle", "red") == observed.names()
    assert frozenset({"circle", "red", "striped"}) == observed.vocabulary == tagger.vocabulary


def test_captions_never_say_it():
    """The tags are left out because training never used them as words."""
    rng = random.Random(0)
    words = {word for _ in range(300) for word in caption(sample_scene(rng), rng).replace(",", "").split()}

    assert set() == UNSPOKEN & words


def test_advice_never_writes_it():
    """No prompt asks the miniature for a word that it has never read."""
    (observed,) = MiniatureTagger(PlainTagger()).tag([Image.new("RGB", (8, 8))])
    params = GenerationParams("circle")

    for goal in Goal:
        advice = advise(params, diff_prompt(params.prompt, "", observed), goal, find_resources(params))
        assert "plain" not in advice.prompt
