"""The tagger's defect tags as a further artifact signal."""

import pytest

from counterprompt.ports import Scores, defect_of
from counterprompt.scoring.filtered import FilteredScorer, without_artifacts
from counterprompt.scoring.tagged_scorer import TaggedScorer, defect_tags
from counterprompt.tags.observed import ObservedTag, ObservedTags, TagCategory


class _Probes:
    name = "probes"

    def score(self, images, prompt):
        return [Scores(5.0, 0.2, {"blurry": 0.4}) for _ in images]


class _Tagger:
    """A tagger that sees the same in every picture."""

    name = "wd"

    def __init__(self, **seen):
        self._seen = {name.replace("_", " "): confidence for name, confidence in seen.items()}
        self.vocabulary = frozenset({*self._seen, "watermark", "1girl", "text", "bad hands"})

    def tag(self, images):
        tags = tuple(ObservedTag(name, TagCategory.GENERAL, confidence) for name, confidence in self._seen.items())
        return [ObservedTags(tags, self.vocabulary) for _ in images]


def test_defect_tags_stand_beside_the_probes(pictures):
    """Every defect the tagger knows gets its confidence, 0 where it is not seen; other tags are no artifacts."""
    scorer = TaggedScorer(_Probes(), _Tagger(blurry=0.7, tree=0.9, signature=0.2))

    (scores, *_) = scorer.score(pictures, "a tree")

    assert {
        "blurry": 0.4,
        "tagger: bad hands": 0.0,
        "tagger: blurry": 0.7,
        "tagger: signature": 0.2,
        "tagger: text": 0.0,
        "tagger: watermark": 0.0,
    } == scores.artifacts
    assert 5.0 == scores.aesthetic
    assert "probes, defect tags of wd" == scorer.name


def test_what_the_prompt_asks_for_is_no_defect(pictures):
    """Text in a picture that shall have text is not held against it."""
    (scores, *_) = TaggedScorer(_Probes(), _Tagger(blurry=0.7)).score(pictures, "a poster with (text:1.2), blurry")

    assert ["tagger: bad hands", "tagger: watermark"] == [name for name in scores.artifacts if "tagger" in name]


def test_tags_of_one_meaning_count_once(pictures):
    """Several tags for one defect give one artifact, with the surest of them."""
    tagger = _Tagger(blurry=0.2, blurred=0.6)

    groups = [tags for tags in defect_tags(tagger.vocabulary).values() if "blurry" in tags]
    (scores, *_) = TaggedScorer(_Probes(), tagger).score(pictures, "")

    assert [("blurred", "blurry")] == groups
    assert 0.6 == scores.artifacts["tagger: blurred"]


def test_failing_artifacts_are_left_out_on_both_sides(pictures):
    """A name with the tagger's mark is left out of the tags, another one of the scorer inside."""
    scorer = TaggedScorer(_Probes(), _Tagger(blurry=0.7))

    kept = without_artifacts(scorer, {"tagger: blurry": "why", "blurry": "why"})

    assert isinstance(kept, TaggedScorer)
    assert isinstance(kept.scorer, FilteredScorer)
    assert not [name for name in kept.score(pictures, "")[0].artifacts if defect_of(name) == "blurry"]
    assert "tagger: watermark" in kept.without({"tagger: text": "why"}).score(pictures, "")[0].artifacts


@pytest.mark.parametrize(("name", "expected"), [("watermark", "watermark"), ("tagger: bad hands", "bad hands")])
def test_artifact_speaks_of_its_defect(name, expected):
    """The tagger's mark is no part of the term, which may go into a negative prompt."""
    assert expected == defect_of(name)
