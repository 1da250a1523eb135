"""What each piece of a candidate adds to the objective: a Bayesian linear model over all pictures seen so far.

Every picture counts, whichever candidate it belongs to: a term that stood in forty candidates is known from forty
candidates' pictures. That is why a search by effects needs far fewer pictures than one that judges candidates one by
one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    Matrix = npt.NDArray[np.float64]

SEED_SPREAD = 0.7
"""Prior standard deviation of the baseline's own luck on one seed, which all differences on that seed share."""

FIRST_NOISE = 0.8
"""Standard deviation of what candidate and seed add together, before any picture tells, in baseline spreads."""

NOISE_BOUNDS = (0.1, 3.0)
"""The estimate of that noise stays between these."""

_NOISE_STRENGTH = 6
"""Pictures that the first guess of the noise is worth."""


class EffectModel:
    """Weights of features, each with a normal prior around zero, and one more weight for every seed.

    Observations are added as they come; the posterior is exact for the noise estimated so far (MacKay's fixed point
    for the noise of a Bayesian linear regression, "Bayesian interpolation", 1992).

    Args:
        prior_spread: prior standard deviation of each feature's weight, shape (d,).
        seeds: every seed that may occur.
    """

    def __init__(self, prior_spread: Matrix, seeds: Sequence[int]) -> None:
        self._seed_at = {seed: at for at, seed in enumerate(seeds)}
        self.width = len(prior_spread)
        self._prior = np.concatenate([prior_spread**-2, np.full(len(seeds), SEED_SPREAD**-2)])
        self._gram = np.zeros((len(self._prior), len(self._prior)))
        self._moment = np.zeros(len(self._prior))
        self._squares = 0.0
        self._count = 0
        self._noise = FIRST_NOISE
        self._posterior: tuple[Matrix, Matrix] | None = None

    @property
    def noise(self) -> float:
        """Estimated standard deviation of a picture around what its candidate and its seed make expect."""
        self._solve()
        return self._noise

    def add(self, features: Matrix, seeds: Sequence[int], values: Sequence[float]) -> None:
        """Add pictures of one candidate: its *features*, shape (d,), and the objective value on each of *seeds*."""
        rows = np.zeros((len(seeds), len(self._prior)))
        rows[:, : self.width] = features
        rows[range(len(seeds)), [self.width + self._seed_at[seed] for seed in seeds]] = 1.0
        observed = np.asarray(values, dtype=float)
        self._gram += rows.T @ rows
        self._moment += rows.T @ observed
        self._squares += float(observed @ observed)
        self._count += len(seeds)
        self._posterior = None

    def mean_weights(self) -> Matrix:
        """Return the posterior mean of the features' weights, shape (d,)."""
        return self._solve()[0][: self.width]

    def draw_weights(self, random: np.random.Generator, draws: int = 1) -> Matrix:
        """Draw weights of the features from the posterior, shape (draws, d)."""
        mean, factor = self._solve()
        normal = random.standard_normal((len(mean), draws))
        return np.asarray((mean[:, None] + np.linalg.solve(factor.T, normal)).T[:, : self.width])

    def spread_of(self, features: Matrix) -> Matrix:
        """Return the posterior standard deviation of the expected value of each row of *features*, shape (n, d)."""
        _, factor = self._solve()
        wide = np.zeros((len(features), len(self._prior)))
        wide[:, : self.width] = features
        return np.asarray(np.sqrt((np.linalg.solve(factor, wide.T) ** 2).sum(axis=0)))

    def _solve(self) -> tuple[Matrix, Matrix]:
        """Return the posterior mean and the Cholesky factor of the posterior precision."""
        if self._posterior is None:
            for _ in range(2):
                mean, factor = self._at_noise()
                self._noise = self._estimated_noise(mean, factor)
            self._posterior = self._at_noise()
        return self._posterior

    def _at_noise(self) -> tuple[Matrix, Matrix]:
        precision = self._gram / self._noise**2 + np.diag(self._prior)
        factor = np.linalg.cholesky(precision)
        half = np.linalg.solve(factor, self._moment / self._noise**2)
        return np.asarray(np.linalg.solve(factor.T, half), dtype=float), np.asarray(factor, dtype=float)

    def _estimated_noise(self, mean: Matrix, factor: Matrix) -> float:
        residual = self._squares - 2 * float(mean @ self._moment) + float(mean @ self._gram @ mean)
        inverse = np.linalg.inv(factor)
        unexplained = float((self._prior * (inverse**2).sum(axis=0)).sum())
        spent = len(self._prior) - unexplained
        freedom = max(1.0, self._count - spent)
        estimate = (max(0.0, residual) + _NOISE_STRENGTH * FIRST_NOISE**2) / (freedom + _NOISE_STRENGTH)
        return float(np.clip(np.sqrt(estimate), *NOISE_BOUNDS))
