"""Dropping what does not carry its weight."""

from collections.abc import Callable

import pytest

from counterprompt.generation.fake import FakeGenerator, FakeScorer, FakeWorld
from counterprompt.negative.layers import NegativeLayer
from counterprompt.search.ablation import shorten
from counterprompt.search.evaluation import Evaluator
from counterprompt.search.objective import Objective, pictures_of
from counterprompt.search.space import SearchSpace
from counterprompt.search.surrogate.sampler import EffectSampler

QUIET = FakeWorld(noise=0.0, seed_spread=0.1, shared_luck=1.0)
SPACE = SearchSpace((NegativeLayer("base", ("blurry", "grainy", "word")),), single_terms=True)
WINNER = {"own": 1, "layer:base": 1, "term:blurry": 1, "term:grainy": 1, "term:word": 1}
SEEDS = tuple(range(12))


@pytest.fixture
def evaluator(make_evaluator: Callable[..., Evaluator]) -> Evaluator:
    """An evaluator over a world with little noise."""
    return make_evaluator(FakeGenerator(QUIET), FakeScorer())


def test_only_what_helps_is_left(evaluator: Evaluator, objective: Objective, baseline):
    """Useless and harmful terms and the user's harmful text go; the one term that helps stays."""
    sampler = EffectSampler(SPACE, baseline, SEEDS, 0)
    deltas = evaluator.deltas(objective, SPACE.compose(WINNER, baseline), SEEDS, "choice")
    sampler.observe(WINNER, pictures_of(SEEDS, deltas))
    shorter = shorten(sampler, SPACE, evaluator, objective, WINNER, SEEDS, picture_limit=1000)

    assert "blurry" == SPACE.compose(shorter, baseline).negative_text(baseline)


def test_the_limit_is_kept(evaluator: Evaluator, objective: Objective, baseline):
    """With no pictures left nothing is drawn."""
    sampler = EffectSampler(SPACE, baseline, SEEDS, 0)
    shorten(sampler, SPACE, evaluator, objective, WINNER, SEEDS, picture_limit=0)

    assert 0 == evaluator.pictures
