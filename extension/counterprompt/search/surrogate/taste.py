"""What a person likes beside what the score says: a linear model of choices among pictures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    Matrix = npt.NDArray[np.float64]

TRUST = (1.0, 0.7)
"""Before any answer: mean and standard deviation of how far the person shares the score's view of a picture."""

TASTE_SPREAD = 1.0
"""How large a taste of one's own may be, against what is thought possible of a piece's effect on the score."""

WAVERING = 0.7
"""Scale of the person's wavering, in baseline spreads: what is liked better by so much is picked e times as often."""

LARGEST_SCORE = 3.0
"""A picture that the score finds better or worse by more than this counts as this much: broken ones would outweigh."""

GOOD_FAITH = 3.0
"""Odds, before any answer, that somebody answers by liking and not by chance."""

_STEPS = 30
_SMALLEST_STEP = 1e-6


@dataclass(frozen=True)
class Choice:
    """One answer."""

    features: Matrix
    """What was shown: the candidates' features, shape (n, d)."""
    scores: Matrix
    """What the objective says of each picture, in baseline spreads, shape (n,)."""
    picked: int | None
    """Which was picked; None where none was better than the others."""


class TasteModel:
    """A person's liking of a picture: trust times its score, and a weight for each feature of its candidate.

    Liking turns into choices by the multinomial logit of Plackett and Luce; "none is better" counts as a quarter of a
    choice for each of four. Weights and trust have normal priors: around 0, so that without an answer the person is
    taken to like what the score likes. The posterior is Laplace's: normal around its highest point, found by Newton's
    method.

    Args:
        prior_spread: prior standard deviation of each feature's weight in the score, shape (d,).
        choices: the answers.
    """

    def __init__(self, prior_spread: Matrix, choices: Sequence[Choice]) -> None:
        spread = np.concatenate([[TRUST[1]], TASTE_SPREAD * prior_spread])
        self._prior_mean = np.concatenate([[TRUST[0]], np.zeros(len(prior_spread))])
        self._prior = spread**-2
        self._shown = [_design(choice.features, choice.scores) for choice in choices]
        self._wanted = [_wanted(choice) for choice in choices]
        self.mean = self._prior_mean.copy()
        """Posterior mean of the trust, then of each feature's weight, shape (1 + d,)."""
        for _ in range(_STEPS):
            slope, curvature = self._slope()
            step = np.linalg.solve(curvature, slope)
            self.mean = self.mean + step / max(1.0, float(np.abs(step).max()))
            if np.abs(step).max() < _SMALLEST_STEP:
                break
        self._factor = np.linalg.cholesky(self._slope()[1])
        self.credibility = self._credibility()
        """How probable it is that the answers follow any liking at all, and not mere chance, 0 to 1."""

    @property
    def trust(self) -> float:
        """How far the person shares the score's view: 1 fully, 0 not at all; below 0 what it dislikes is liked."""
        return float(self.mean[0])

    @property
    def weights(self) -> Matrix:
        """What the person likes beside that: a weight for each feature, shape (d,)."""
        return np.asarray(self.mean[1:])

    def draw(self, random: np.random.Generator, count: int, spread: float = 1.0) -> Matrix:
        """Draw trust and weights *count* times, *spread* times as far from the mean as is believed; (count, 1 + d)."""
        steps = np.linalg.solve(self._factor.T, random.standard_normal((len(self.mean), count)))
        return np.asarray(self.mean + spread * steps.T)

    def variance_of(self, rows: Matrix) -> Matrix:
        """Return the posterior variance of *rows* (shape (n, 1 + d)) times trust and weights, shape (n,)."""
        return np.asarray((np.linalg.solve(self._factor, rows.T) ** 2).sum(axis=0))

    def _credibility(self) -> float:
        """Weigh the evidence of the answers, by Laplace's approximation, against that of blind picking."""
        apart = self.mean - self._prior_mean
        widths = np.log(np.diag(self._factor)).sum() - 0.5 * np.log(self._prior).sum()
        likely = sum(
            float(wanted @ np.log(np.maximum(choice_chances(shown @ self.mean), 1e-300)))
            for shown, wanted in zip(self._shown, self._wanted)
        )
        blind = -sum(float(np.log(len(wanted))) for wanted in self._wanted)
        odds = likely - 0.5 * float(self._prior @ apart**2) - float(widths) - blind + np.log(GOOD_FAITH)
        return float(1 / (1 + np.exp(-odds)))

    def _slope(self) -> tuple[Matrix, Matrix]:
        """Return the gradient of the log posterior and the negative of its second derivative."""
        slope = self._prior * (self._prior_mean - self.mean)
        curvature = np.diag(self._prior)
        for shown, wanted in zip(self._shown, self._wanted):
            chances = choice_chances(shown @ self.mean)
            slope = slope + shown.T @ (wanted - chances) / WAVERING
            centred = shown - chances @ shown
            curvature = curvature + (centred * chances[:, None]).T @ centred / WAVERING**2
        return slope, curvature


def choice_chances(liking: Matrix) -> Matrix:
    """Return how probably each picture is picked, by how it is liked; the last axis is the pictures of one question."""
    powers = np.exp((liking - liking.max(axis=-1, keepdims=True)) / WAVERING)
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True))


def _design(features: Matrix, scores: Matrix) -> Matrix:
    return np.hstack([np.clip(scores, -LARGEST_SCORE, LARGEST_SCORE)[:, None], features])


def _wanted(choice: Choice) -> Matrix:
    count = len(choice.features)
    return np.full(count, 1 / count) if choice.picked is None else np.eye(count)[choice.picked]
