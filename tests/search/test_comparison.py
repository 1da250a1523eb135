"""Comparing prompts by generating with each on the same seeds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from counterprompt.errors import InvalidInputError, StoppedError
from counterprompt.generation.fake import FakeGenerator, FakeScorer
from counterprompt.ports import GenerationRequest, ReferenceScores, SilentProgress
from counterprompt.search.comparison import Comparer, compare_prompts, tag_agreement
from counterprompt.search.comparison_result import PromptVariant
from counterprompt.tags.observed import ObservedTag, ObservedTags, TagCategory

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PIL import Image

REQUEST = GenerationRequest("a red house", "", 7, steps=4, width=32, height=32)
GOOD = PromptVariant("reverse", "a red house", "low quality, blurry")
BAD = PromptVariant("embedded", "a red house", "")


def _tags(**confidences: float) -> ObservedTags:
    tags = tuple(ObservedTag(name, TagCategory.GENERAL, each) for name, each in confidences.items())
    return ObservedTags(tags, frozenset(confidences))


class AestheticLikeness(FakeScorer):
    """Reads the fake pictures, and calls the prettier one the more alike."""

    def score_against(
        self, images: Sequence[Image.Image], prompt: str, reference: Image.Image
    ) -> list[ReferenceScores]:
        """Turn the aesthetic score into a cosine."""
        return [ReferenceScores(each, each.aesthetic / 10) for each in self.score(images, prompt)]


class OneTag:
    """Sees a house everywhere."""

    vocabulary = frozenset({"house"})

    def tag(self, images: Sequence[Image.Image]) -> list[ObservedTags]:
        """Name it."""
        return [_tags(house=0.9) for _ in images]


@dataclass
class StopAfter(SilentProgress):
    """Asks to stop once *pictures* are there."""

    pictures: int
    done: int = 0

    def advance(self, stage: str, done: int, total: int, note: str = "") -> None:
        """Remember how far it is."""
        self.done = done

    def is_stop_requested(self) -> bool:
        """Ask once there are enough."""
        return self.done >= self.pictures


def _comparer(progress: SilentProgress | None = None, batch_size: int = 4) -> Comparer:
    generator = FakeGenerator(batch_size=batch_size)
    reference = generator.generate([REQUEST])[0]
    return Comparer(generator, AestheticLikeness(), OneTag(), progress or SilentProgress(), reference)


def test_every_prompt_draws_on_the_same_fresh_seeds() -> None:
    """Pairing needs the same seeds, and the dropped picture's own seed would favour its own prompt."""
    found = compare_prompts((BAD, GOOD), REQUEST, _comparer(), goal="reproduce", seeds=10)

    for result in found.results:
        assert found.seeds == tuple(picture.seed for picture in result.pictures)
    assert 10 == len(set(found.seeds))
    assert REQUEST.seed not in found.seeds


def test_the_better_prompt_wins() -> None:
    """The fake world is known: its defects are cured by naming them."""
    found = compare_prompts((BAD, GOOD), REQUEST, _comparer(), goal="reproduce", seeds=48)

    assert "reverse" == found.results[0].variant.name


def test_prompts_that_say_the_same_are_compared_once() -> None:
    """A merge that changes nothing costs no pictures; with nothing else there is nothing to compare."""
    same = PromptVariant("merge", GOOD.prompt, GOOD.negative_prompt)

    assert 2 == len(compare_prompts((BAD, GOOD, same), REQUEST, _comparer(), goal="learn", seeds=4).results)
    with pytest.raises(InvalidInputError, match="nothing to compare"):
        compare_prompts((GOOD, same), REQUEST, _comparer(), goal="learn", seeds=4)


def test_a_stop_keeps_what_is_there() -> None:
    """Stopped half way, the seeds that all prompts have drawn are told; stopped at once, that is said."""
    found = compare_prompts((BAD, GOOD), REQUEST, _comparer(StopAfter(8)), goal="reproduce", seeds=16)

    assert 4 == len(found.seeds)
    with pytest.raises(StoppedError, match="run the command again"):
        compare_prompts((BAD, GOOD), REQUEST, _comparer(StopAfter(0)), goal="reproduce", seeds=16)


def test_too_few_seeds_are_refused() -> None:
    """Three seeds tell nothing."""
    with pytest.raises(InvalidInputError, match="3 seeds"):
        compare_prompts((BAD, GOOD), REQUEST, _comparer(), goal="reproduce", seeds=3)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (_tags(house=0.9), _tags(house=0.9), 1.0),
        (_tags(house=0.9), _tags(star=0.9), 0.0),
        (_tags(house=0.8, red=0.4), _tags(house=0.4), 0.4 / 1.2),
        (_tags(), _tags(), 1.0),
    ],
)
def test_agreement_is_the_share_of_confidence_that_both_have(
    one: ObservedTags, other: ObservedTags, expected: float
) -> None:
    """Shared over all confidence, whichever picture comes first."""
    assert pytest.approx(expected) == tag_agreement(one, other)
    assert pytest.approx(expected) == tag_agreement(other, one)
