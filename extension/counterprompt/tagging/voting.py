"""Several taggers as one: each tag is voted on by those that know it.

A tagger votes for a tag when it gives it, hence by its own thresholds: confidences of different models cannot be
compared, but passing can. Silence is a vote against a tag only from a tagger whose vocabulary has it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from counterprompt.errors import InvalidInputError
from counterprompt.tags.observed import ObservedTag, ObservedTags, TagCategory

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PIL import Image

    from counterprompt.ports import Tagger

    Ballots = Sequence[tuple[float, ObservedTags]]
    Voices = list[tuple[float, float | None]]


@dataclass(frozen=True)
class Voter:
    """One tagger that votes."""

    tagger: Tagger
    """Any tagger."""
    weight: float = 1.0
    """How much it counts, above 0."""

    def __post_init__(self) -> None:
        if not 0.0 < self.weight < float("inf"):
            raise InvalidInputError(f"A tagger's weight must be above 0, not {self.weight}; leave it out instead.")


@dataclass(frozen=True)
class VotingRule:
    """When a tag passes."""

    agreement: float = 0.5
    """Least share, above 0 to 1, of the weight of the taggers that know the tag which must give it: 0.5 is half of
    them, 1 is all."""
    lone_confidence: float = 0.0
    """Least confidence, 0 to 1, of a tag that only one of the taggers knows. No other can speak for or against it, so
    that at 0 its own tagger's word is enough; raise it to let lone tags pass only where they are sure."""

    def __post_init__(self) -> None:
        if not 0.0 < self.agreement <= 1.0:
            raise InvalidInputError(f"The agreement of taggers must lie above 0 and up to 1, not {self.agreement}.")
        if not 0.0 <= self.lone_confidence <= 1.0:
            raise InvalidInputError(f"The confidence of lone tags must lie within 0 to 1, not {self.lone_confidence}.")


class VotingTagger:
    """Implements `ports.Tagger` by a vote of others.

    Args:
        voters: at least one.
        rule: when a tag passes.

    Raises:
        InvalidInputError: there is no voter.
    """

    def __init__(self, voters: Sequence[Voter], rule: VotingRule | None = None) -> None:
        if not voters:
            raise InvalidInputError("A vote needs at least one tagger; name one.")
        self._voters = tuple(voters)
        self._rule = rule or VotingRule()

    @property
    def vocabulary(self) -> frozenset[str]:
        """Every tag that one of them could give."""
        return frozenset().union(*(voter.tagger.vocabulary for voter in self._voters))

    def tag(self, images: Sequence[Image.Image]) -> list[ObservedTags]:
        """Let all of them tag each picture, in order; raises what they raise."""
        said = [(voter.weight, voter.tagger.tag(images)) for voter in self._voters]
        return [count_votes([(weight, tags[at]) for weight, tags in said], self._rule) for at in range(len(images))]


def count_votes(ballots: Ballots, rule: VotingRule) -> ObservedTags:
    """Join what several taggers saw in one picture.

    Args:
        ballots: weight and tags of each tagger; the tags' vocabulary says what it knows.
        rule: when a tag passes.

    Returns:
        The tags that pass. Their confidence is the weighted mean over the taggers that know the tag, where those that
        do not give it count as 0, so that a disputed tag stands low. Of the ratings the one with the highest
        mean among the taggers that rate at all.
    """
    categories = {tag.name: tag.category for _, observed in reversed(ballots) for tag in observed.tags}
    tags = [
        ObservedTag(name, category, _mean(_voices(name, ballots)))
        for name, category in categories.items()
        if category is not TagCategory.RATING and _passes(_voices(name, ballots), rule)
    ]
    tags += _rating(ballots)
    vocabulary = frozenset().union(*(observed.vocabulary for _, observed in ballots))
    return ObservedTags(tuple(sorted(tags, key=lambda tag: (-tag.confidence, tag.name))), vocabulary)


def _rating(ballots: Ballots) -> list[ObservedTag]:
    """Return the rating with the highest mean among the taggers that give any; none where none does."""
    rating = [(weight, observed) for weight, observed in ballots if observed.names(TagCategory.RATING)]
    names = {name for _, observed in rating for name in observed.names(TagCategory.RATING)}
    means = {name: _mean([(weight, observed.confidence(name)) for weight, observed in rating]) for name in names}
    return [ObservedTag(name, TagCategory.RATING, means[name]) for name in sorted(names, key=lambda n: (-means[n], n))][
        :1
    ]


def _passes(voices: Voices, rule: VotingRule) -> bool:
    if len(voices) == 1:
        return (voices[0][1] or 0.0) >= rule.lone_confidence
    in_favour = sum(weight for weight, confidence in voices if confidence is not None)
    return in_favour >= rule.agreement * sum(weight for weight, _ in voices)


def _mean(voices: Voices) -> float:
    return sum(weight * (confidence or 0.0) for weight, confidence in voices) / sum(weight for weight, _ in voices)


def _voices(name: str, ballots: Ballots) -> Voices:
    """Return weight and confidence of every tagger that knows *name*; None where it does not give it."""
    return [
        (weight, observed.confidence(name))
        for weight, observed in ballots
        if name in observed.vocabulary or observed.confidence(name) is not None
    ]
