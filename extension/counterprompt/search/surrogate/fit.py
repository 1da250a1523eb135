"""Bayesian linear regression: what observations say of weights that have a normal prior."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from counterprompt.search.surrogate.one_thread import one_thread

if TYPE_CHECKING:
    import numpy.typing as npt

    Matrix = npt.NDArray[np.float64]

FIRST_NOISE = 0.9
"""Standard deviation of a picture's luck, before any picture tells, in baseline spreads."""

NOISE_BOUNDS = (0.1, 3.0)
"""The estimate of that noise stays between these."""

SCALE_BOUNDS = (1.0, 4.0)
"""By what the prior's standard deviations may be scaled, where effects prove larger; never down, since a search that
believes that nothing matters stops looking."""

_ROUNDS = 3
"""Times that noise and scale are estimated anew from the posterior."""

_STRENGTH = 6
"""Pictures (or weights) that a first guess is worth."""


class Observations:
    """Sums over observations with independent noise of one size: all that a fit needs of them."""

    def __init__(self, width: int, outputs: int) -> None:
        self.gram = np.zeros((width, width))
        """Products of features, shape (d, d)."""
        self.moments = np.zeros((width, outputs))
        """Products of features and values."""
        self.squares = np.zeros(outputs)
        """Squares of the values."""
        self.volume = 0.0
        """Logarithm of the determinant of what the values were divided by to make their noise independent, twice."""
        self.count = 0
        """How many."""

    def add(self, row: Matrix, values: Matrix, deviation: float) -> None:
        """Add one, of features *row*, shape (d,), and *values*, (outputs,), both divided by *deviation*."""
        self.gram += np.outer(row, row)
        self.moments += np.outer(row, values)
        self.squares += values**2
        self.volume += 2 * float(np.log(deviation))
        self.count += 1


@dataclass(frozen=True)
class Fit:
    """What is believed of the weights."""

    means: Matrix
    """Posterior means, shape (d, outputs)."""
    root: Matrix
    """A square root of the posterior covariance for the first output, upper triangular, R of R R', shape (d, d)."""
    noises: Matrix
    """Estimated standard deviation of each output's noise, shape (outputs,)."""
    scale: float
    """By what the prior's standard deviations were multiplied."""


def fitted(told: Observations, prior: Matrix) -> Fit:
    """Fit weights with a *prior* precision, shape (d,), to what was *told*.

    The noise and the scale of the prior are estimated from the first output by MacKay's fixed point ("Bayesian
    interpolation", 1992), kept between bounds; given those the posterior is exact.
    """
    # Always from the first guess, so that the same observations give the same beliefs, however they came in.
    noises, scale = np.full(len(told.squares), FIRST_NOISE), 1.0
    with one_thread():
        for _ in range(_ROUNDS):
            means, root = _posterior(told, prior / scale**2, float(noises[0]))
            noises, scale = _estimate(told, prior, scale, means, root)
        means, root = _posterior(told, prior / scale**2, float(noises[0]))
    return Fit(means, root, noises, scale)


def log_evidence(told: Observations, prior: Matrix) -> float:
    """Say how likely the first output is under the *prior*, as a logarithm up to a constant: MacKay's evidence."""
    fit = fitted(told, prior)
    noise, precision = float(fit.noises[0]), prior / fit.scale**2
    spread = 2 * told.count * np.log(noise) + told.volume
    spread -= 2 * np.log(np.diag(fit.root)).sum() + np.log(precision).sum()
    misfit = (told.squares[0] - told.moments[:, 0] @ fit.means[:, 0]) / noise**2
    return -0.5 * float(spread + misfit)


def _posterior(told: Observations, prior: Matrix, noise: float) -> tuple[Matrix, Matrix]:
    precision = told.gram / noise**2
    precision[np.diag_indices_from(precision)] += prior
    root = np.linalg.inv(np.linalg.cholesky(precision)).T
    means = root @ (root.T @ told.moments) / noise**2
    return np.asarray(means, dtype=float), np.asarray(root, dtype=float)


def _estimate(told: Observations, prior: Matrix, scale: float, means: Matrix, root: Matrix) -> tuple[Matrix, float]:
    """Estimate the noises and the prior's scale once, from the posterior under a noise and *scale*."""
    spent = len(means) - float((prior / scale**2) @ (root**2).sum(axis=1))
    free = max(1.0, told.count - spent)
    wider = (float(means[:, 0] ** 2 @ prior) + _STRENGTH) / (spent + _STRENGTH)
    return _noises_around(told, means, free), float(np.clip(np.sqrt(wider), *SCALE_BOUNDS))


def _noises_around(told: Observations, means: Matrix, free: float) -> Matrix:
    """Estimate each output's noise from what *means* leave unexplained, shape (outputs,)."""
    explained = 2 * (means * told.moments).sum(axis=0) - (means * (told.gram @ means)).sum(axis=0)
    left = np.maximum(0.0, told.squares - explained)
    return np.asarray(
        np.clip(np.sqrt((left + _STRENGTH * FIRST_NOISE**2) / (free + _STRENGTH)), *NOISE_BOUNDS), dtype=float
    )
