"""Several taggers that vote."""

import pytest
from PIL import Image

from counterprompt.errors import InvalidInputError
from counterprompt.tagging.voting import Voter, VotingRule, VotingTagger, count_votes
from counterprompt.tags.observed import ObservedTag, ObservedTags, TagCategory


def _saw(vocabulary, category=TagCategory.GENERAL, **confidences):
    tags = tuple(ObservedTag(name, category, confidence) for name, confidence in confidences.items())
    return ObservedTags(tags, frozenset(vocabulary.split()) | set(confidences))


def _names(ballots, **rule):
    return {tag.name: round(tag.confidence, 6) for tag in count_votes(ballots, VotingRule(**rule)).tags}


@pytest.mark.parametrize(
    ("weights", "agreement", "expected"),
    [
        ((1, 1, 1), 0.5, {"cat": 0.8, "dog": 0.4}),
        ((1, 1, 1), 0.7, {"cat": 0.8}),
        ((1, 1, 1), 0.3, {"cat": 0.8, "dog": 0.4, "owl": 0.3}),
        ((1, 1, 3), 0.5, {"cat": 0.8, "owl": 0.54}),
        ((1, 1, 1), 1.0, {"cat": 0.8}),
    ],
)
def test_a_tag_that_several_know_needs_their_agreement(weights, agreement, expected):
    """What counts is the weight of those that give it among those that know it; silence of these counts as 0."""
    known = "cat dog owl"
    tags = [_saw(known, cat=0.7, dog=0.6), _saw(known, cat=0.8, dog=0.6), _saw(known, cat=0.9, owl=0.9)]

    seen = _names(list(zip(weights, tags)), agreement=agreement)

    assert pytest.approx(expected, abs=0.05) == seen


@pytest.mark.parametrize(
    ("lone_confidence", "expected"), [(0.0, {"golden hour", "sunset"}), (0.7, {"sunset"}), (0.95, set())]
)
def test_a_tag_that_only_one_knows_stands_on_its_own(lone_confidence, expected):
    """Those that do not know a tag neither carry nor stop it; only the rule for lone tags does."""
    ballots = [
        (1.0, _saw("1girl cat")),
        (
            0.1,
            ObservedTags(
                (ObservedTag("golden hour", TagCategory.GENERAL, 0.6), ObservedTag("sunset", TagCategory.GENERAL, 0.9)),
                frozenset({"golden hour", "sunset"}),
            ),
        ),
    ]

    assert expected == set(_names(ballots, agreement=1.0, lone_confidence=lone_confidence))


def test_the_rating_with_the_highest_mean_is_given():
    """One rating comes out, weighed among the taggers that rate; those that do not have no say."""
    rating = TagCategory.RATING
    ballots = [
        (1.0, _saw("", rating, general=0.9)),
        (3.0, _saw("", rating, explicit=0.6)),
        (9.0, _saw("cat", cat=0.9)),
    ]

    counted = count_votes(ballots, VotingRule())

    assert ("explicit",) == counted.names(rating)
    assert pytest.approx(0.45) == counted.confidence("explicit")


def test_tags_come_most_confident_first_with_the_joint_vocabulary():
    """The answer is as any tagger's: in order, with everything that could have been said."""
    counted = count_votes([(1.0, _saw("cat ant", ant=0.5)), (1.0, _saw("bee", bee=0.9))], VotingRule())

    assert ["bee", "ant"] == [tag.name for tag in counted.tags]
    assert {"cat", "ant", "bee"} == counted.vocabulary


class _FixedTagger:
    def __init__(self, observed):
        self._observed = observed
        self.vocabulary = observed.vocabulary

    def tag(self, images):
        return [self._observed] * len(images)


def test_it_is_a_tagger_itself():
    """Every picture is voted on, and votes can be nested."""
    cats, owls = _FixedTagger(_saw("owl", cat=0.8)), _FixedTagger(_saw("cat", owl=0.9))
    tagger = VotingTagger([Voter(cats, 2.0), Voter(VotingTagger([Voter(owls)]))], VotingRule(agreement=0.6))

    observed = tagger.tag([Image.new("RGB", (2, 2))] * 2)

    assert [("cat",)] * 2 == [one.names() for one in observed]
    assert {"cat", "owl"} == tagger.vocabulary


@pytest.mark.parametrize(
    "build",
    [
        lambda: VotingTagger([]),
        lambda: Voter(_FixedTagger(_saw("")), 0.0),
        lambda: VotingRule(agreement=0.0),
        lambda: VotingRule(agreement=1.1),
        lambda: VotingRule(lone_confidence=-0.1),
    ],
)
def test_a_vote_without_sense_is_refused(build):
    """No voters, weights that count nothing and shares beyond all are refused."""
    with pytest.raises(InvalidInputError):
        build()
