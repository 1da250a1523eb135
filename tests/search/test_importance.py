"""What mattered."""

import pytest

from counterprompt.negative.layers import NegativeLayer
from counterprompt.ports import GenerationRequest
from counterprompt.search.importance import piece_effects
from counterprompt.search.space import SearchSpace
from counterprompt.search.surrogate.sampler import EffectSampler

SPACE = SearchSpace((NegativeLayer("base", ("blurry", "word")),), cfg_range=(5.0, 9.0), single_terms=True)


@pytest.fixture
def sampler() -> EffectSampler:
    """A sampler that saw "blurry" bring one spread, "word" nothing, and each unit of CFG cost a half."""
    sampler = EffectSampler(SPACE, GenerationRequest("cat", "", 1, cfg_scale=7.0), range(8), 0)
    for blurry, word, cfg in [(1, 0, 7.0), (1, 1, 9.0), (0, 1, 7.0), (1, 1, 5.0), (0, 1, 9.0), (1, 0, 9.0)]:
        params = {"layer:base": 1, "term:blurry": blurry, "term:word": word, "cfg_scale": cfg}
        value = blurry - 0.5 * (cfg - 7.0) / 2
        sampler.observe(params, [[seed, value, 0, 0, 0, 0, 0] for seed in range(8)])
    return sampler


def test_every_piece_has_its_effect(sampler: EffectSampler):
    """The effects are those that made the values, within two standard errors, the largest first."""
    effects = piece_effects(sampler, {"layer:base": 1, "term:blurry": 1, "term:word": 0, "cfg_scale": 5.0})
    found = {effect.name: effect for effect in effects}

    assert "term:blurry" == effects[0].name
    for name, expected in {"term:blurry": 1.0, "term:word": 0.0, "cfg_scale": 0.5}.items():
        assert abs(found[name].effect - expected) <= 2 * found[name].standard_error + 0.05


def test_what_the_challenger_has_is_marked(sampler: EffectSampler):
    """Pieces that the challenger uses are told from those that it leaves out."""
    effects = piece_effects(sampler, {"layer:base": 1, "term:blurry": 1, "term:word": 0, "cfg_scale": 5.0})

    used = {effect.name for effect in effects if effect.is_used}
    assert {"term:blurry", "cfg_scale"} == used
