"""Answers of generators and scorers that cannot be counted on."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pytest

from counterprompt.errors import GeneratorError, ScorerError
from counterprompt.generation.fake import FakeGenerator
from counterprompt.ports import GenerationRequest, Scores
from counterprompt.search.drawing import draw_pictures, refuse_unusable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PIL import Image

REQUEST = GenerationRequest("a red house", "", 7, steps=4, width=32, height=32)


class LosesPictures(FakeGenerator):
    """Returns one picture too few."""

    def generate(self, requests: Sequence[GenerationRequest]) -> list[Image.Image]:
        """Leave out the last."""
        return super().generate(requests)[:-1]


def test_a_missing_picture_is_refused() -> None:
    """Who returns too few pictures is named; who returns enough is believed."""
    assert 2 == len(draw_pictures(FakeGenerator(), [REQUEST, REQUEST]))
    with pytest.raises(GeneratorError, match="1 pictures for 2 requests; set its batch size to 1"):
        draw_pictures(LosesPictures(), [REQUEST, REQUEST])


@pytest.mark.parametrize(
    "scores", [Scores(math.nan, 0.3), Scores(5.0, math.inf), Scores(5.0, 0.3, {"blurry": math.nan})]
)
def test_scores_must_be_numbers(scores: Scores) -> None:
    """A score that is not finite is refused before it can rank anything."""
    with pytest.raises(ScorerError, match="not a number"):
        refuse_unusable([scores], 1, "fake")


def test_there_must_be_a_score_for_each_picture() -> None:
    """One score for two pictures tells nothing of which."""
    with pytest.raises(ScorerError, match="1 scores for 2 pictures"):
        refuse_unusable([Scores(5.0, 0.3)], 2, "fake")
