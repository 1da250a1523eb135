"""The model of a person's liking."""

import numpy as np
import pytest

from counterprompt.search.surrogate.taste import Choice, TasteModel, choice_chances

SPREAD = np.full(6, 0.4)


def _choices(count: int, liking, seed: int = 0) -> list[Choice]:
    """Questions of four random candidates, answered by who likes what *liking* (features, scores) says."""
    random = np.random.default_rng(seed)
    choices = []
    for _ in range(count):
        features, scores = random.integers(0, 2, (4, 6)).astype(float), random.standard_normal(4)
        chances = choice_chances(liking(features, scores, random))
        choices.append(Choice(features, scores, int(random.choice(4, p=chances))))
    return choices


def test_without_answers_the_person_likes_what_the_score_likes():
    """The prior: full trust in the score, nothing beside it."""
    model = TasteModel(SPREAD, [])

    assert (1.0, False) == (model.trust, bool(model.weights.any()))


def test_a_taste_is_found():
    """From 60 answers of somebody who loves the first feature and hates the second, both come out, and the trust."""
    model = TasteModel(SPREAD, _choices(60, lambda features, scores, _: scores + features[:, 0] - features[:, 1]))

    assert 0.35 < model.weights[0] < 1.2
    assert -1.2 < model.weights[1] < -0.35
    assert np.abs(model.weights[2:]).max() < 0.45
    assert 0.6 < model.trust < 1.4


def test_chance_teaches_distrust_and_little_else():
    """Who answers at random is not trusted, and gets no strong taste: no weight beyond a third of a spread."""
    model = TasteModel(SPREAD, _choices(60, lambda features, scores, random: np.zeros(4)))

    assert model.trust < 0.35
    assert np.abs(model.weights).max() < 0.4


def test_chance_is_told_from_liking():
    """Twenty answers of a consistent person are believed, twenty by chance mostly not; without any the prior holds."""
    by_chance = [
        TasteModel(SPREAD, _choices(20, lambda features, scores, random: np.zeros(4), seed)).credibility
        for seed in range(8)
    ]
    by_liking = [
        TasteModel(SPREAD, _choices(20, lambda features, scores, random: 2 * scores + features[:, 0], seed)).credibility
        for seed in range(8)
    ]

    assert min(by_liking) > 0.99
    assert np.median(by_chance) < 0.4
    assert pytest.approx(0.75) == TasteModel(SPREAD, []).credibility


def test_none_is_better_means_alike():
    """Saying so of two pictures makes them more alike than before, and nothing is learned of who is better."""
    shown = np.eye(6)[:2]
    model = TasteModel(SPREAD, [Choice(shown, np.zeros(2), None)] * 10)
    before = TasteModel(SPREAD, [])
    apart = np.concatenate([[0.0], shown[0] - shown[1]])[None, :]

    assert model.weights == pytest.approx(0, abs=1e-9)
    assert model.variance_of(apart)[0] < before.variance_of(apart)[0] / 2


def test_draws_spread_as_is_believed():
    """Many draws have the posterior's mean and deviation."""
    model = TasteModel(SPREAD, _choices(20, lambda features, scores, _: scores))
    drawn = model.draw(np.random.default_rng(1), 4000)
    deviations = np.sqrt(model.variance_of(np.eye(7)))

    assert drawn.mean(axis=0) == pytest.approx(model.mean, abs=0.05)
    assert drawn.std(axis=0) == pytest.approx(deviations, rel=0.1)
