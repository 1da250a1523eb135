"""What each piece of a candidate adds to the objective: a Bayesian linear model over all pictures seen so far.

Every picture counts, whichever candidate it belongs to: a term that stood in forty candidates is known from forty
candidates' pictures. That is why a search by effects needs far fewer pictures than one that judges candidates one by
one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from counterprompt.search.surrogate.one_thread import one_thread

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from counterprompt.search.surrogate.shared_luck import SharedLuck

    Matrix = npt.NDArray[np.float64]

FIRST_NOISE = 0.9
"""Standard deviation of a picture's luck, before any picture tells, in baseline spreads."""

NOISE_BOUNDS = (0.1, 3.0)
"""The estimate of that noise stays between these."""

SCALE_BOUNDS = (1.0, 4.0)
"""By what the prior's standard deviations may be scaled, where effects prove larger; never down, since a search that
believes that nothing matters stops looking."""

DRAW_SPREAD = 0.7
"""How wide draws spread around the posterior mean, 1 being the posterior itself: with hundreds of weights the full
width explores what no budget of ours could pay for."""

_ROUNDS = 3
"""Times that noise and scale are estimated anew from the posterior."""

_STRENGTH = 6
"""Pictures (or weights) that a first guess is worth."""


class EffectModel:
    """Weights of features, each with a normal prior.

    Several outputs are learned side by side, from the same pictures: the objective value first, then the guards.
    Observations are added as they come. The noise and the scale of the prior are estimated from the objective value by
    MacKay's fixed point ("Bayesian interpolation", 1992), kept between bounds; given those the posterior is exact.

    Args:
        prior_spread: prior standard deviation of each feature's weight, shape (d,).
        luck: what pictures of one seed have in common.
        outputs: how many numbers a picture is told by.
        prior_mean: what each feature's weight in the objective value is expected to be, shape (d,); zero by default,
            as it always is for the other outputs.
    """

    def __init__(
        self, prior_spread: Matrix, luck: SharedLuck, outputs: int = 1, prior_mean: Matrix | None = None
    ) -> None:
        self._luck = luck
        self._prior = prior_spread**-2
        self._gram = np.zeros((len(self._prior), len(self._prior)))
        self._moments = np.zeros((len(self._prior), outputs))
        self._expected = np.zeros((len(prior_spread), outputs))
        if prior_mean is not None:
            self._expected[:, 0] = prior_mean
        self._squares = np.zeros(outputs)
        self._count = 0
        self._noises: Matrix = np.full(outputs, FIRST_NOISE)
        self._posterior: tuple[Matrix, Matrix] | None = None

    @property
    def noise(self) -> float:
        """Estimated standard deviation of a picture's luck: how far it lies around what its candidate is worth."""
        return float(self.noises[0])

    @property
    def noises(self) -> Matrix:
        """The same for each output, shape (outputs,)."""
        self._solve()
        return self._noises

    def add(self, features: Matrix, seeds: Sequence[int], values: Matrix) -> None:
        """Add one candidate's pictures: its *features*, shape (d,), its *values* on *seeds*, shape (seeds, outputs)."""
        surprise = values - features @ self._expected
        freed = [self._luck.freed(features, seed, each) for seed, each in zip(seeds, surprise)]
        rows, left = (np.array(each) for each in zip(*freed))
        self._gram += rows.T @ rows
        self._moments += rows.T @ left
        self._squares += (left**2).sum(axis=0)
        self._count += len(seeds)
        self._posterior = None

    def mean_weights(self) -> Matrix:
        """Return the posterior mean of the features' weights, shape (d, outputs)."""
        return np.asarray(self._solve()[0] + self._expected)

    def draw_weights(self, random: np.random.Generator, spread: float = DRAW_SPREAD) -> Matrix:
        """Draw weights of the objective value, shape (d,), *spread* times as far from the mean as is believed."""
        mean, root = self._solve()
        step = root @ random.standard_normal(len(mean))
        return np.asarray(mean[:, 0] + spread * step + self._expected[:, 0])

    def draw_guards(self, random: np.random.Generator, spread: float = DRAW_SPREAD) -> Matrix:
        """Draw weights of the outputs behind the first, shape (d, outputs - 1), as `draw_weights` does."""
        means, root = self._solve()
        steps = root @ random.standard_normal((len(means), means.shape[1] - 1))
        return np.asarray(means[:, 1:] + spread * steps * self._noises[1:] / self._noises[0])

    def spread_of(self, features: Matrix) -> Matrix:
        """Return the posterior standard deviation of the expected value of each row of *features*, shape (n, d)."""
        _, root = self._solve()
        return np.asarray(np.sqrt(((features @ root) ** 2).sum(axis=1)))

    def _solve(self) -> tuple[Matrix, Matrix]:
        """Return the posterior means, shape (weights, outputs), and a square root of the posterior covariance.

        The root is upper triangular, R of R R' = covariance.
        """
        if self._posterior is None:
            # Always from the first guess, so that the same pictures give the same beliefs, however they came in.
            noise, scale = FIRST_NOISE, 1.0
            with one_thread():
                for _ in range(_ROUNDS):
                    self._noises, scale = self._estimate(*self._given(noise, scale), scale)
                    noise = float(self._noises[0])
                self._posterior = self._given(noise, scale)
        return self._posterior

    def _given(self, noise: float, scale: float) -> tuple[Matrix, Matrix]:
        precision = self._gram / noise**2
        precision[np.diag_indices_from(precision)] += self._prior / scale**2
        root = np.linalg.inv(np.linalg.cholesky(precision)).T
        means = root @ (root.T @ self._moments) / noise**2
        return np.asarray(means, dtype=float), np.asarray(root, dtype=float)

    def _estimate(self, means: Matrix, root: Matrix, scale: float) -> tuple[Matrix, float]:
        """Estimate the noises and the prior's scale once, from the posterior under a noise and *scale*."""
        spent = len(means) - float((self._prior / scale**2) @ (root**2).sum(axis=1))
        free = max(1.0, self._count - spent)
        wider = (float(means[:, 0] ** 2 @ self._prior) + _STRENGTH) / (spent + _STRENGTH)
        return self._noises_around(means, free), float(np.clip(np.sqrt(wider), *SCALE_BOUNDS))

    def _noises_around(self, means: Matrix, free: float) -> Matrix:
        """Estimate each output's noise from what *means* leave unexplained, shape (outputs,)."""
        explained = 2 * (means * self._moments).sum(axis=0) - (means * (self._gram @ means)).sum(axis=0)
        left = np.maximum(0.0, self._squares - explained)
        return np.asarray(
            np.clip(np.sqrt((left + _STRENGTH * FIRST_NOISE**2) / (free + _STRENGTH)), *NOISE_BOUNDS), dtype=float
        )
