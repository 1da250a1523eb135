"""Comparing prompts by generating with each on the same seeds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PIL import Image

from counterprompt.errors import InvalidInputError, ScorerError, StoppedError
from counterprompt.generation.fake import FakeGenerator, FakeScorer
from counterprompt.ports import GenerationRequest, ReferenceScores, Scores, SilentProgress
from counterprompt.search.comparison import Comparer, compare_prompts
from counterprompt.search.comparison_result import Comparison, PromptVariant
from counterprompt.tags.observed import ObservedTag, ObservedTags, TagCategory

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

REQUEST = GenerationRequest("a red house", "", 7, steps=4, width=32, height=32)
GOOD = PromptVariant("reverse", "a red house", "low quality, blurry")
BAD = PromptVariant("embedded", "a red house", "")


def _tags(**confidences: float) -> ObservedTags:
    tags = tuple(ObservedTag(name, TagCategory.GENERAL, each) for name, each in confidences.items())
    return ObservedTags(tags, frozenset(confidences))


class AestheticLikeness:
    """Reads the fake pictures, and calls the prettier one the more alike."""

    name = "likeness"

    def score(self, images: Sequence[Image.Image], prompt: str) -> list[ReferenceScores]:
        """Turn the aesthetic score into a cosine."""
        return [ReferenceScores(each, each.aesthetic / 10) for each in FakeScorer().score(images, prompt)]


class OneTag:
    """Sees a house everywhere."""

    vocabulary = frozenset({"house"})

    def tag(self, images: Sequence[Image.Image]) -> list[ObservedTags]:
        """Name it."""
        return [_tags(house=0.9) for _ in images]


class Interrupted(FakeGenerator):
    """The user presses Ctrl-C while its picture number *limit* is being drawn."""

    limit = 0

    def generate(self, requests: Sequence[GenerationRequest]) -> list[Image.Image]:
        """Draw, unless that time has come."""
        if self.pictures + len(requests) > self.limit:
            raise KeyboardInterrupt
        return super().generate(requests)


def _comparer(progress: SilentProgress | None = None, generator: FakeGenerator | None = None) -> Comparer:
    return Comparer(
        generator or FakeGenerator(batch_size=4), AestheticLikeness(), OneTag(), progress or SilentProgress()
    )


def _compare(comparer: Comparer, seeds: int, *variants: PromptVariant, goal: str = "reproduce") -> Comparison:
    return compare_prompts(variants or (BAD, GOOD), REQUEST, comparer, _tags(house=0.9), goal=goal, seeds=seeds)


def test_every_prompt_draws_on_the_same_fresh_seeds() -> None:
    """Pairing needs the same seeds, and the dropped picture's own seed would favour its own prompt."""
    found = _compare(_comparer(), 10)

    for result in found.results:
        assert found.seeds == tuple(picture.seed for picture in result.pictures)
    assert 10 == len(set(found.seeds)) == found.planned
    assert REQUEST.seed not in found.seeds


def test_the_better_prompt_wins() -> None:
    """The fake world is known: its defects are cured by naming them."""
    found = _compare(_comparer(), 48)

    assert "reverse" == found.results[0].variant.name


def test_prompts_that_say_the_same_are_compared_once() -> None:
    """A merge that changes nothing costs no pictures; with nothing else there is nothing to compare."""
    same = PromptVariant("merge", GOOD.prompt, GOOD.negative_prompt)

    assert 2 == len(_compare(_comparer(), 4, BAD, GOOD, same).results)
    with pytest.raises(InvalidInputError, match="nothing to compare"):
        _compare(_comparer(), 4, GOOD, same)


def test_a_stop_keeps_what_is_there(stops_at: Callable[[int], SilentProgress]) -> None:
    """Stopped half way, the seeds that all prompts have drawn are told; stopped at once, that is said."""
    found = _compare(_comparer(stops_at(8)), 16)

    assert (4, 16, True) == (len(found.seeds), found.planned, found.is_stopped)
    with pytest.raises(StoppedError, match="run the command again"):
        _compare(_comparer(stops_at(0)), 16)


@pytest.mark.parametrize(("limit", "seeds"), [(8, 4), (12, 4), (19, 8)])
def test_ctrl_c_keeps_the_seeds_that_every_prompt_has_drawn(limit: int, seeds: int) -> None:
    """Pictures that one prompt alone has drawn cannot be paired; all others are told."""
    generator = Interrupted(batch_size=4)
    generator.limit = limit

    found = _compare(_comparer(generator=generator), 32)

    assert found.is_stopped
    assert [seeds, seeds] == [len(result.pictures) for result in found.results]
    assert seeds == len(found.seeds)


def test_ctrl_c_before_two_seeds_stops() -> None:
    """Of nothing, nothing is told."""
    with pytest.raises(StoppedError, match="before two seeds"):
        _compare(_comparer(generator=Interrupted(batch_size=4)), 16)


class PrefersNegatives(FakeGenerator):
    """Draws what its negative prompt deserves."""

    def generate(self, requests: Sequence[GenerationRequest]) -> list[Image.Image]:
        """Make pictures whose grey is what AlikeByGrey reads."""
        grey = [(200 if each.negative_prompt else 50) + each.seed % 7 for each in requests]
        return [Image.new("L", (8, 8), level).convert("RGB") for level in grey]


class AlikeByGrey:
    """Calls lighter pictures more alike."""

    name = "grey"

    def score(self, images: Sequence[Image.Image], prompt: str) -> list[ReferenceScores]:
        """Read the first pixel."""
        greys = [image.convert("L").getpixel((0, 0)) for image in images]
        return [ReferenceScores(Scores(5.0, 0.2), grey / 255) for grey in greys if isinstance(grey, int)]


def test_drawing_ends_once_it_is_settled() -> None:
    """A lead beyond doubt at the first look costs eight seeds, however many were allowed."""
    comparer = Comparer(PrefersNegatives(batch_size=4), AlikeByGrey(), OneTag(), SilentProgress())

    found = _compare(comparer, 64)

    assert (8, 64, False) == (len(found.seeds), found.planned, found.is_stopped)
    assert found.is_decided
    assert "reverse" == found.results[0].variant.name


def test_a_scorer_that_loses_pictures_is_refused() -> None:
    """A picture without a score would shift every pair after it."""

    class Forgetful(AlikeByGrey):
        def score(self, images: Sequence[Image.Image], prompt: str) -> list[ReferenceScores]:
            return super().score(images, prompt)[1:]

    with pytest.raises(ScorerError, match="3 scores for 4 pictures"):
        _compare(Comparer(PrefersNegatives(batch_size=4), Forgetful(), OneTag(), SilentProgress()), 8)


def test_too_few_seeds_are_refused() -> None:
    """Three seeds tell nothing."""
    with pytest.raises(InvalidInputError, match="3 seeds"):
        _compare(_comparer(), 3)
