"""The search sampler."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import numpy as np
import optuna

from counterprompt.negative.layers import NegativeLayer
from counterprompt.ports import GenerationRequest
from counterprompt.search.objective import PICTURES
from counterprompt.search.space import SearchSpace
from counterprompt.search.surrogate.effects import DRAW_SPREAD
from counterprompt.search.surrogate.sampler import EffectSampler

BASELINE = GenerationRequest("cat", "", 1, cfg_scale=7.0)
SPACE = SearchSpace(
    (NegativeLayer("base", tuple(f"t{n}" for n in range(10))),), cfg_range=(4.0, 10.0), single_terms=True
)


def _run(trials: int, seed: int = 0) -> tuple[EffectSampler, list[dict]]:
    """Search where t3 and t7 bring one spread each, t1 costs one, and CFG 9 is best."""
    sampler = EffectSampler(SPACE, BASELINE, range(8), seed)
    study = optuna.create_study(direction="maximize", sampler=sampler)
    proposed = []
    for number in range(trials):
        trial = study.ask()
        candidate = SPACE.suggest_candidate(trial, BASELINE)
        terms = [term for layer in candidate.layers for term in layer.terms]
        cfg_scale = candidate.cfg_scale or 7.0
        value = ("t3" in terms) + ("t7" in terms) - ("t1" in terms) - 0.1 * (cfg_scale - 9.0) ** 2 + 0.4
        pictures = [[seed, value, 0, 0, 0, 0, 0] for seed in (number % 8, (number + 3) % 8)]
        trial.set_user_attr(PICTURES, pictures)
        study.tell(trial, value)
        proposed.append(trial.params)
    return sampler, proposed


def test_what_helps_is_found():
    """After fifty trials the best point holds both terms that help, not the one that harms, and a higher CFG."""
    sampler, _ = _run(50)
    sampler.learn([])
    best = sampler.params_at(sampler.best_point())

    assert (1, 1, 0) == (best["term:t3"], best["term:t7"], best["term:t1"])
    assert 8.0 <= best["cfg_scale"] <= 10.0


def test_the_same_seed_proposes_the_same():
    """Proposals depend on the seed and on what was seen, on nothing else."""
    first, again, other = (_run(8, seed)[1] for seed in (1, 1, 2))

    assert first == again
    assert first != other


def test_a_guard_keeps_the_best_point_away():
    """A piece that brings a gain and breaks a guard is left out."""
    sampler = EffectSampler(SPACE, BASELINE, range(8), 0)
    for term in ("t3", "t7"):
        rise = 2.0 if term == "t7" else 0.0
        params = {"layer:base": 1, f"term:{term}": 1}
        sampler.observe(params, [[seed, 1.0, rise, 0, 0, 0, 0] for seed in range(8)])
    best = sampler.params_at(sampler.best_point())

    assert (1, 0) == (best["term:t3"], best["term:t7"])


def test_how_bad_a_bad_candidate_is_does_not_matter():
    """A term that loses nine spreads is believed to be what one is that loses three: both are bad."""
    believed = []
    for loss in (-3.0, -9.0):
        sampler = EffectSampler(SPACE, BASELINE, range(8), 0)
        for term, value in (("t3", 0.5), ("t7", loss)):
            params = {"layer:base": 1, f"term:{term}": 1}
            sampler.observe(params, [[seed, value, 0, 0, 0, 0, 0] for seed in range(8)])
        believed.append(sampler.expected(sampler.tried_points())[0].tolist())

    assert believed[0] == believed[1]
    assert min(believed[0]) < -0.5


def test_a_probed_defects_term_is_proposed_before_anything_is_known():
    """Of ten terms nearly all first proposals hold the one whose probe promises relief; others come and go."""
    sampler = EffectSampler(SPACE, BASELINE, range(8), 0, {("t3",): 0.8})
    beliefs = [sampler.landscape.drawn(np.random.default_rng(seed), DRAW_SPREAD) for seed in range(16)]
    proposals = [sampler.params_at(sampler.best_point(belief)) for belief in beliefs]

    assert sum(each["term:t3"] for each in proposals) >= 14
    assert {0, 1} == {each["term:t4"] for each in proposals}


def test_tried_points_come_in_order_of_worth():
    """A gain that breaks a guard comes behind a smaller one that does not."""
    sampler = EffectSampler(SPACE, BASELINE, range(8), 0)
    for term, value, rise in (("t3", 0.5, 0.0), ("t7", 1.0, 2.0)):
        params = {"layer:base": 1, f"term:{term}": 1}
        sampler.observe(params, [[seed, value, rise, 0, 0, 0, 0] for seed in range(8)])
    first = sampler.params_at(sampler.best_tried_points()[0])

    assert (1, 0) == (first["term:t3"], first["term:t7"])


def test_a_proposal_takes_little_time(in_time: Callable[[float], AbstractContextManager[None]]):
    """Beside the database, a proposal after three hundred trials takes a fraction of a picture's time."""
    sampler, _ = _run(300)
    with in_time(1.25):
        for _ in range(5):
            sampler.best_point()


def test_a_space_of_one_point_has_that_point():
    """Where nothing can be moved the best point is the user's own, without a step to climb."""
    baseline = GenerationRequest("a house", "", 7, cfg_scale=6.0)
    sampler = EffectSampler(SearchSpace(cfg_range=(6.0, 6.0)), baseline, range(4), 0)

    assert {"cfg_scale": 6.0} == sampler.params_at(sampler.best_point())
