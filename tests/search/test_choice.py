"""Finalists, and which of them becomes the challenger."""

from collections.abc import Callable

import pytest

from counterprompt.generation.fake import FakeGenerator, FakeScorer
from counterprompt.negative.layers import NegativeLayer
from counterprompt.search.choice import choose, nominate
from counterprompt.search.evaluation import Evaluator
from counterprompt.search.objective import Objective, pictures_of
from counterprompt.search.space import SearchSpace
from counterprompt.search.surrogate.sampler import EffectSampler

SPACE = SearchSpace(
    (NegativeLayer("base", ("blurry", "watermark", "painting")),), cfg_range=(3.0, 15.0), single_terms=True
)
SEEDS = tuple(range(8))
GOOD = {"own": 0, "layer:base": 1, "term:blurry": 1, "term:watermark": 1, "term:painting": 0, "cfg_scale": 8.0}
BAD = {**GOOD, "own": 1, "term:painting": 1, "cfg_scale": 4.0}
HARSH = {**GOOD, "cfg_scale": 15.0}


@pytest.fixture
def evaluator(make_evaluator: Callable[..., Evaluator]) -> Evaluator:
    """An evaluator over the default world."""
    return make_evaluator(FakeGenerator(), FakeScorer())


@pytest.fixture
def sampler(evaluator: Evaluator, objective: Objective, baseline) -> EffectSampler:
    """A sampler that saw a good, a bad and a harsh candidate."""
    sampler = EffectSampler(SPACE, baseline, SEEDS, 0)
    for params in (GOOD, BAD, HARSH):
        deltas = evaluator.deltas(objective, SPACE.compose(params, baseline), SEEDS, "search")
        sampler.observe(params, pictures_of(SEEDS, deltas))
    return sampler


def test_finalists_are_different_and_never_the_baseline(sampler: EffectSampler, evaluator: Evaluator, baseline):
    """Each nominee renders to another request, and none to the user's own settings."""
    named = nominate(sampler, SPACE, evaluator, 9)
    keys = {evaluator.request_key(SPACE.compose(params, baseline)) for params in named}

    assert len(named) == len(keys) >= 2
    assert (baseline.prompt, baseline.negative_prompt, baseline.cfg_scale) not in keys


def test_the_best_is_chosen(sampler: EffectSampler, evaluator: Evaluator, objective: Objective):
    """The challenger negates what helps, leaves the user's harmful text out and breaks no guard."""
    chosen = choose(sampler, SPACE, evaluator, objective, SEEDS, 3)

    assert chosen is not None
    assert (0, 1, 1) == (chosen.params["own"], chosen.params["term:blurry"], chosen.params["term:watermark"])
    assert (True, False) == (chosen.value > 0, chosen.breaks_guard)
