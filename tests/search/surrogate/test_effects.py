"""The linear model of effects."""

from itertools import product

import numpy as np
import pytest

from counterprompt.search.surrogate.effects import EffectModel
from counterprompt.search.surrogate.shared_luck import SharedLuck, views_of_luck

DISTANCES = np.full(3, 2.0)
POINTS = np.array(list(product((0.0, 1.0), repeat=3)))
COVARIANCE = np.exp(-2.0 * np.linalg.norm(POINTS[:, None] - POINTS[None], axis=2))
"""Of the luck of every candidate there is on one seed, the baseline's first."""


def _model(noise: float, pictures: int, seed: int = 0, levels_told: bool = True) -> tuple[EffectModel, np.ndarray]:
    random = np.random.default_rng(seed)
    truth = np.array([1.0, -0.5, 0.0])
    luck = noise * random.multivariate_normal(np.zeros(8), COVARIANCE, 60)
    levels = {at: float(level) for at, level in enumerate(luck[:, 0])} if levels_told else {}
    model = EffectModel(np.full(3, 0.5), [SharedLuck(DISTANCES, levels=levels)], outputs=2)
    for number in range(pictures):
        at = random.integers(1, 8)
        on = [number % 60, (number + 1) % 60]
        total = POINTS[at] @ truth + luck[on, at] - luck[on, 0] + 0.1 * noise * random.standard_normal(2)
        model.add(POINTS[at], on, np.stack([total, 2 * total], axis=1))
    return model, truth


def test_effects_are_found_beneath_the_seeds_luck():
    """From sixty candidates on two seeds each the weights come out within three of their standard deviations."""
    model, truth = _model(noise=0.5, pictures=60)
    found, spread = model.mean_weights()[:, 0], model.spread_of(np.eye(3))

    assert np.all(np.abs(found - truth) < 3 * spread + 0.05)
    assert np.all(spread < 0.3)


def test_the_noise_is_estimated():
    """A quiet and a noisy world are told apart."""
    quiet, noisy = (_model(noise, 100)[0].noise for noise in (0.3, 1.5))

    assert (pytest.approx(0.3, rel=0.25), pytest.approx(1.5, rel=0.25)) == (quiet, noisy)


def test_the_baselines_own_luck_helps():
    """Where its level on every seed is known, effects come out closer on average over forty worlds."""
    errors = {}
    for told in (True, False):
        models = [_model(1.0, 40, seed, told) for seed in range(40)]
        errors[told] = np.mean([np.abs(model.mean_weights()[:, 0] - truth).mean() for model, truth in models])

    assert errors[True] < 0.95 * errors[False]


def test_without_pictures_nothing_is_believed():
    """The prior's mean is zero, and draws of one seed are equal."""
    model = EffectModel(np.full(3, 0.5), [SharedLuck(DISTANCES)])
    draws = [model.draw_weights(np.random.default_rng(1)) for _ in range(2)]

    assert not model.mean_weights().any()
    assert draws[0].tolist() == draws[1].tolist()


def test_all_outputs_are_learned():
    """An output that is twice the first has twice its weights, shrunk alike."""
    means = _model(noise=0.5, pictures=40, levels_told=False)[0].mean_weights()

    assert means[:, 1] == pytest.approx(2 * means[:, 0])


def test_the_prior_mean_is_believed_until_pictures_speak():
    """Without pictures the expected weight stands; with sixty that say otherwise it has all but gone."""
    model = EffectModel(np.full(2, 0.5), [SharedLuck(DISTANCES[:2])], prior_mean=np.array([1.0, 0.0]))
    before = model.mean_weights()[0, 0]
    for number in range(60):
        model.add(np.array([1.0, 0.0]), [number % 8], np.array([[-0.5]]))

    assert 1.0 == before
    assert model.mean_weights()[0, 0] == pytest.approx(-0.5, abs=0.3)


def test_each_output_has_a_noise_of_its_own():
    """An output that jumps twice as far is twice as noisy."""
    noises = _model(noise=0.8, pictures=200, levels_told=False)[0].noises

    assert noises[1] / noises[0] == pytest.approx(2.0, abs=0.3)


def _choosing(noise_is_shared: bool) -> EffectModel:
    """Learn forty candidates on two seeds each, in a world where like settings make like pictures or none do."""
    random = np.random.default_rng(3)
    luck = random.multivariate_normal(
        np.zeros(8), np.exp(-0.3 * np.linalg.norm(POINTS[:, None] - POINTS[None], axis=2)), 8
    )
    model = EffectModel(np.full(3, 0.5), views_of_luck(np.full(3, 0.3), dict(enumerate(luck[:, 0].tolist()))))
    for number in range(64):
        at = random.integers(1, 8)
        on = [number % 8, (number + 1) % 8]
        told = luck[on, at] - luck[on, 0] if noise_is_shared else 0.6 * random.standard_normal(2)
        model.add(POINTS[at], on, told[:, None])
    return model


@pytest.mark.parametrize(("noise_is_shared", "view"), [(True, 0), (False, 2)])
def test_pictures_decide_what_luck_is_like(noise_is_shared: bool, view: int):
    """Where like settings make like pictures that view is taken, where each picture has its own luck the last one."""
    model = _choosing(noise_is_shared)

    assert view == model.view == int(np.argmax(model.evidences()))


def test_independent_noise_is_no_certainty():
    """In a world of independent noise the spread of a weight is that of its pictures, whatever was first believed."""
    spread = float(_choosing(False).spread_of(np.eye(3))[0])

    assert 0.05 < spread < 0.3
