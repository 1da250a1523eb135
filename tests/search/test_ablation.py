"""Dropping what does not carry its weight."""

from collections.abc import Callable

import pytest

from counterprompt.generation.fake import FakeGenerator, FakeScorer, FakeWorld
from counterprompt.negative.layers import NegativeLayer
from counterprompt.search.ablation import shorten
from counterprompt.search.candidate import Candidate
from counterprompt.search.evaluation import Evaluator
from counterprompt.search.objective import Objective

QUIET = FakeWorld(noise=0.0, seed_spread=0.1, shared_luck=1.0)
WINNER = Candidate(
    keeps_own=True,
    layers=(NegativeLayer("base", ("blurry", "grainy", "word")), NegativeLayer("style", ("of", "no", "use", "at all"))),
)


@pytest.fixture
def evaluator(make_evaluator: Callable[..., Evaluator]) -> Evaluator:
    """An evaluator over a world with little noise."""
    return make_evaluator(FakeGenerator(QUIET), FakeScorer())


def test_only_what_helps_is_left(evaluator: Evaluator, objective: Objective, baseline):
    """Useless layers, harmful terms and the user's harmful text go; the one term that helps stays."""
    shorter = shorten(evaluator, objective, WINNER, range(12), picture_limit=1000)

    assert "blurry" in shorter.negative_text(baseline)
    assert not {"grainy", "painting", "use"} & set(shorter.negative_text(baseline).split(", "))


def test_the_limit_is_kept(evaluator: Evaluator, objective: Objective):
    """With no pictures left for comparisons the winner stays as it is."""
    assert WINNER == shorten(evaluator, objective, WINNER, range(12), picture_limit=24)
    assert 24 == evaluator.pictures
