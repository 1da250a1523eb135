"""The linear model of effects."""

import numpy as np
import pytest

from counterprompt.search.surrogate.effects import EffectModel


def _model(noise: float, pictures: int, seed: int = 0) -> tuple[EffectModel, np.ndarray]:
    random = np.random.default_rng(seed)
    truth = np.array([1.0, -0.5, 0.0])
    luck = 0.7 * random.standard_normal(8)
    model = EffectModel(np.full(3, 0.5), range(8), outputs=2)
    for number in range(pictures):
        features = random.integers(0, 2, 3).astype(float)
        on = [number % 8, (number + 1) % 8]
        total = features @ truth + luck[on] + noise * random.standard_normal(2)
        model.add(features, on, np.stack([total, 2 * total], axis=1))
    return model, truth


def test_effects_are_found_beneath_the_seeds_luck():
    """From sixty candidates on two seeds each the weights come out within three of their standard deviations."""
    model, truth = _model(noise=0.5, pictures=60)
    found, spread = model.mean_weights()[:, 0], model.spread_of(np.eye(3))

    assert np.all(np.abs(found - truth) < 3 * spread + 0.05)
    assert np.all(spread < 0.3)


def test_the_noise_is_estimated():
    """A quiet and a noisy world are told apart."""
    quiet, noisy = (_model(noise, 100)[0].noise for noise in (0.2, 1.5))

    assert (pytest.approx(0.2, abs=0.15), pytest.approx(1.5, abs=0.4)) == (quiet, noisy)


def test_without_pictures_nothing_is_believed():
    """The prior's mean is zero, and draws of one seed are equal."""
    model = EffectModel(np.full(3, 0.5), range(8))
    draws = [model.draw_weights(np.random.default_rng(1)) for _ in range(2)]

    assert not model.mean_weights().any()
    assert draws[0].tolist() == draws[1].tolist()


def test_all_outputs_are_learned():
    """An output that is twice the first has twice its weights, shrunk alike."""
    means = _model(noise=0.5, pictures=40)[0].mean_weights()

    assert means[:, 1] == pytest.approx(2 * means[:, 0])


def test_the_prior_mean_is_believed_until_pictures_speak():
    """Without pictures the expected weight stands; with sixty that say otherwise it has all but gone."""
    model = EffectModel(np.full(2, 0.5), range(8), prior_mean=np.array([1.0, 0.0]))
    before = model.mean_weights()[0, 0]
    for number in range(60):
        model.add(np.array([1.0, 0.0]), [number % 8], np.array([[-0.5]]))

    assert 1.0 == before
    assert model.mean_weights()[0, 0] == pytest.approx(-0.5, abs=0.3)


def test_each_output_has_a_noise_of_its_own():
    """An output that jumps twice as far is twice as noisy."""
    noises = _model(noise=0.8, pictures=200)[0].noises

    assert noises[1] / noises[0] == pytest.approx(2.0, abs=0.3)
