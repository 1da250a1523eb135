"""The score's effects blended with a person's taste."""

import numpy as np
import pytest

from counterprompt.search.surrogate.effects import EffectModel
from counterprompt.search.surrogate.shared_luck import SharedLuck
from counterprompt.search.surrogate.taste import Choice, TasteModel
from counterprompt.search.surrogate.tasted import TastedEffects

SPREAD = np.full(4, 0.4)
DISTANCES = np.full(4, 0.2)


def _seen(model: EffectModel) -> EffectModel:
    random = np.random.default_rng(0)
    for number in range(40):
        features = random.integers(0, 2, 4).astype(float)
        on = [number % 8, (number + 1) % 8]
        model.add(features, on, np.stack([features @ [1.0, 0.5, 0.0, 0.0] + 0.3 * random.standard_normal(2)] * 2, 1))
    return model


@pytest.fixture
def blended() -> TastedEffects:
    """A score that likes the first piece, a person who always picks the third."""
    model = TastedEffects(SPREAD, [SharedLuck(DISTANCES)], 2)
    _seen(model)
    model.taste = TasteModel(SPREAD, [Choice(np.eye(4), np.array([1.0, 0.5, 0.0, 0.0]), 2)] * 12)
    return model


def test_without_a_person_nothing_changes():
    """Means, spreads and draws are those of the score alone, bit for bit."""
    plain, tasted = (_seen(kind(SPREAD, [SharedLuck(DISTANCES)], 2)) for kind in (EffectModel, TastedEffects))
    draws = [model.draw_weights(np.random.default_rng(1)).tolist() for model in (plain, tasted)]

    assert plain.mean_weights().tolist() == tasted.mean_weights().tolist()
    assert plain.spread_of(np.eye(4)).tolist() == tasted.spread_of(np.eye(4)).tolist()
    assert draws[0] == draws[1]


@pytest.mark.parametrize(("weight", "favourite"), [(0.0, 0), (1.0, 2)])
def test_the_weight_says_who_is_asked(blended: TastedEffects, weight: float, favourite: int):
    """At 0 the score's favourite leads, at 1 the person's; guards are never a matter of taste."""
    blended.taste_weight = weight
    means = blended.mean_weights()
    plain = _seen(EffectModel(SPREAD, [SharedLuck(DISTANCES)], 2)).mean_weights()

    assert favourite == int(np.argmax(means[:, 0]))
    assert plain[:, 1].tolist() == means[:, 1].tolist()
    assert bool(plain[2, 0] < means[2, 0]) is (weight > 0)


def test_draws_scatter_around_the_blend(blended: TastedEffects):
    """Their mean and deviation are those that are told."""
    blended.taste_weight = 0.6
    drawn = np.array([blended.draw_weights(np.random.default_rng(at), 1.0) for at in range(3000)])

    assert drawn.mean(axis=0) == pytest.approx(blended.mean_weights()[:, 0], abs=0.05)
    assert drawn.std(axis=0) == pytest.approx(blended.spread_of(np.eye(4)), rel=0.12)


def test_a_measured_score_is_weighed_like_a_believed_one(blended: TastedEffects):
    """What a candidate is worth by its own pictures follows the same blend."""
    blended.taste_weight = 0.6
    features = np.eye(4)
    believed = features @ EffectModel.mean_weights(blended)[:, 0]

    assert blended.liking(features, believed) == pytest.approx(blended.mean_weights()[:, 0])
