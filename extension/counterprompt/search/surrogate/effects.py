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

SCALE_BOUNDS = (1.0, 4.0)
"""By what the prior's standard deviations may be scaled, where effects prove larger; never down, since a search that
believes that nothing matters stops looking."""

DRAW_SPREAD = 0.5
"""How wide draws spread around the posterior mean, 1 being the posterior itself: with hundreds of weights the full
width explores what no budget of ours could pay for."""

_ROUNDS = 3
"""Times that noise and scale are estimated anew from the posterior."""

_STRENGTH = 6
"""Pictures (or weights) that a first guess is worth."""


class EffectModel:
    """Weights of features, each with a normal prior, and one more weight for every seed.

    Several outputs are learned side by side, from the same pictures: the objective value first, then the guards.
    Observations are added as they come. The noise and the scale of the prior are estimated from the objective value by
    MacKay's fixed point ("Bayesian interpolation", 1992), kept between bounds; given those the posterior is exact.

    Args:
        prior_spread: prior standard deviation of each feature's weight, shape (d,).
        seeds: every seed that may occur.
        outputs: how many numbers a picture is told by.
        prior_mean: what each feature's weight in the objective value is expected to be, shape (d,); zero by default,
            as it always is for the other outputs.
    """

    def __init__(
        self, prior_spread: Matrix, seeds: Sequence[int], outputs: int = 1, prior_mean: Matrix | None = None
    ) -> None:
        self._seed_at = {seed: at for at, seed in enumerate(seeds)}
        self.width = len(prior_spread)
        self._prior = np.concatenate([prior_spread**-2, np.full(len(seeds), SEED_SPREAD**-2)])
        self._gram = np.zeros((len(self._prior), len(self._prior)))
        self._moments = np.zeros((len(self._prior), outputs))
        self._expected = np.zeros((self.width, outputs))
        if prior_mean is not None:
            self._expected[:, 0] = prior_mean
        self._squares = np.zeros(outputs)
        self._count = 0
        self._noise = FIRST_NOISE
        self._noises: Matrix = np.full(outputs, FIRST_NOISE)
        self._scale = 1.0
        self._posterior: tuple[Matrix, Matrix] | None = None

    @property
    def noise(self) -> float:
        """Estimated standard deviation of a picture around what its candidate and its seed make expect."""
        return float(self.noises[0])

    @property
    def noises(self) -> Matrix:
        """The same for each output, shape (outputs,)."""
        self._solve()
        return self._noises

    def add(self, features: Matrix, seeds: Sequence[int], values: Matrix) -> None:
        """Add one candidate's pictures: its *features*, shape (d,), its *values* on *seeds*, shape (seeds, outputs)."""
        rows = np.zeros((len(seeds), len(self._prior)))
        rows[:, : self.width] = features
        rows[range(len(seeds)), [self.width + self._seed_at[seed] for seed in seeds]] = 1.0
        surprise = values - features @ self._expected
        self._gram += rows.T @ rows
        self._moments += rows.T @ surprise
        self._squares += (surprise**2).sum(axis=0)
        self._count += len(seeds)
        self._posterior = None

    def mean_weights(self) -> Matrix:
        """Return the posterior mean of the features' weights, shape (d, outputs)."""
        return np.asarray(self._solve()[0][: self.width] + self._expected)

    def draw_weights(self, random: np.random.Generator, spread: float = DRAW_SPREAD) -> Matrix:
        """Draw weights of the objective value, shape (d,), *spread* times as far from the mean as is believed."""
        mean, factor = self._solve()
        step = np.linalg.solve(factor.T, random.standard_normal(len(mean)))
        return np.asarray((mean[:, 0] + spread * step)[: self.width] + self._expected[:, 0])

    def draw_guards(self, random: np.random.Generator, spread: float = DRAW_SPREAD) -> Matrix:
        """Draw weights of the outputs behind the first, shape (d, outputs - 1), as `draw_weights` does."""
        means, factor = self._solve()
        steps = np.linalg.solve(factor.T, random.standard_normal((len(means), means.shape[1] - 1)))
        return np.asarray((means[:, 1:] + spread * steps * self._noises[1:] / self._noise)[: self.width])

    def spread_of(self, features: Matrix) -> Matrix:
        """Return the posterior standard deviation of the expected value of each row of *features*, shape (n, d)."""
        _, factor = self._solve()
        wide = np.zeros((len(features), len(self._prior)))
        wide[:, : self.width] = features
        return np.asarray(np.sqrt((np.linalg.solve(factor, wide.T) ** 2).sum(axis=0)))

    def _solve(self) -> tuple[Matrix, Matrix]:
        """Return the posterior means, shape (weights, outputs), and the Cholesky factor of the posterior precision."""
        if self._posterior is None:
            # Always from the first guess, so that the same pictures give the same beliefs, however they came in.
            self._noise, self._scale = FIRST_NOISE, 1.0
            for _ in range(_ROUNDS):
                self._estimate(*self._given())
            self._posterior = self._given()
        return self._posterior

    def _given(self) -> tuple[Matrix, Matrix]:
        precision = self._gram / self._noise**2
        precision[np.diag_indices_from(precision)] += self._prior / self._scale**2
        factor = np.linalg.cholesky(precision)
        half = np.linalg.solve(factor, self._moments / self._noise**2)
        return np.asarray(np.linalg.solve(factor.T, half), dtype=float), np.asarray(factor, dtype=float)

    def _estimate(self, means: Matrix, factor: Matrix) -> None:
        """Update noise and scale once, from the posterior under the present ones."""
        mean = means[:, 0]
        prior = self._prior / self._scale**2
        spent = len(mean) - float(prior @ (np.linalg.inv(factor) ** 2).sum(axis=0))
        free = max(1.0, self._count - spent)
        self._noises = self._noises_around(means, free)
        self._noise = float(self._noises[0])
        scale = (float(mean**2 @ self._prior) + _STRENGTH) / (spent + _STRENGTH)
        self._scale = float(np.clip(np.sqrt(scale), *SCALE_BOUNDS))

    def _noises_around(self, means: Matrix, free: float) -> Matrix:
        """Estimate each output's noise from what *means* leave unexplained, shape (outputs,)."""
        explained = 2 * (means * self._moments).sum(axis=0) - (means * (self._gram @ means)).sum(axis=0)
        left = np.maximum(0.0, self._squares - explained)
        return np.asarray(
            np.clip(np.sqrt((left + _STRENGTH * FIRST_NOISE**2) / (free + _STRENGTH)), *NOISE_BOUNDS), dtype=float
        )
