"""The luck that pictures of one seed share: candidates that are alike make much the same picture of it.

A picture's luck is a random function of the settings, another one for each seed: of mean 0, and with a covariance that
falls exponentially with the distance of the settings (Rasmussen and Williams, "Gaussian Processes for Machine
Learning", 2006, equation 4.18). What a candidate gains on a seed is told against the baseline, whose own luck there is
known from its picture; the covariances below are those that are left where that is given (their equation 2.19).

So a hundred candidates on eight seeds are no more than eight draws of what is common to them, and two like candidates
on one seed tell precisely how they differ.
"""

from __future__ import annotations

from collections import deque
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    Matrix = npt.NDArray[np.float64]

GRAIN = 0.017
"""Variance of what not even equal settings share, against that of the luck they do share, in the usual case."""

COARSE_GRAIN = 0.3
"""The same where little changes of the prompt make other pictures."""

KIN = 64
"""Earlier pictures of its seed that a picture is rid of, the last ones: those are what the search comes to try most
(the approximation of Vecchia, 1988)."""


class SharedLuck:
    """Turns pictures into observations that are independent of each other.

    Args:
        distances: how far apart a unit of each feature sets two candidates, shape (d,); 0 where luck does not heed it.
        grain: variance of what not even equal settings share, against that of the luck they do share.
        levels: how far the baseline's own picture on a seed lies above its pictures on average, in baseline spreads; a
            seed that is not named counts as an average one.
    """

    def __init__(
        self, distances: Matrix, grain: float = GRAIN, levels: Mapping[int, float] = MappingProxyType({})
    ) -> None:
        self._columns = np.flatnonzero(distances)
        self._units = distances[self._columns]
        self._levels, self._grain = levels, grain
        self._seeds: dict[int, _SeedLuck] = {}

    def unshared(self, features: Matrix, seed: int, values: Matrix) -> tuple[Matrix, Matrix, float]:
        """Return what a picture tells beside earlier ones of its *seed*, and remember it.

        Args:
            features: of its candidate, shape (d,).
            seed: which it was drawn from.
            values: what is told of it against the baseline, shape (outputs,); the first is the objective value.

        Returns:
            Features, shape (d,), and values, shape (outputs,), of an observation whose noise has variance 1 in units of
            the luck's, and nothing to do with that of any other; and by what both were divided to that end.
        """
        place = features[self._columns] * self._units
        expected = values.copy()
        expected[0] += (1.0 - _kinship(place) / (1.0 + self._grain)) * self._levels.get(seed, 0.0)
        return self._seeds.setdefault(seed, _SeedLuck(self._grain)).unshared(place, features, expected)


def views_of_luck(distances: Matrix, levels: Mapping[int, float] = MappingProxyType({})) -> tuple[SharedLuck, ...]:
    """Return what luck may be like, the usual case first, for pictures to choose from.

    Like settings make much the same picture; somewhat; or every picture has a luck of its own beside the baseline's,
    which all share.
    """
    return (
        SharedLuck(distances, GRAIN, levels),
        SharedLuck(distances, COARSE_GRAIN, levels),
        SharedLuck(np.zeros_like(distances), 1.0),
    )


class _SeedLuck:
    """The pictures of one seed, each rid of what the ones before it tell."""

    def __init__(self, grain: float) -> None:
        self._grain = grain
        self._places: deque[Matrix] = deque(maxlen=KIN)
        self._told: deque[Matrix] = deque(maxlen=KIN)

    def unshared(self, place: Matrix, features: Matrix, values: Matrix) -> tuple[Matrix, Matrix, float]:
        told = np.concatenate([features, values])
        variance = 1.0 + self._grain - _kinship(place) ** 2 / (1.0 + self._grain)
        left = told
        if self._places:
            earlier = np.array(self._places)
            shared = self._covariance(earlier, place[None, :])[:, 0]
            covariance = self._covariance(earlier, earlier) + self._grain * np.eye(len(earlier))
            weights = np.linalg.solve(covariance, shared)
            left, variance = told - weights @ np.array(self._told), variance - float(weights @ shared)
        self._places.append(place)
        self._told.append(told)
        deviation = float(np.sqrt(max(self._grain, variance)))
        return left[: len(features)] / deviation, left[len(features) :] / deviation, deviation

    def _covariance(self, ones: Matrix, others: Matrix) -> Matrix:
        """Return how the luck of candidates at *ones*, shape (n, k), varies with that at *others*, (m, k): (n, m)."""
        squares = (ones**2).sum(axis=1)[:, None] + (others**2).sum(axis=1) - 2 * ones @ others.T
        alike = np.exp(-np.sqrt(np.maximum(0.0, squares)))
        own = [np.exp(-np.linalg.norm(places, axis=1)) for places in (ones, others)]
        return np.asarray(alike - np.outer(*own) / (1.0 + self._grain))


def _kinship(place: Matrix) -> float:
    """Say how alike the luck of a candidate at *place* and the baseline's are, 0 to 1."""
    return float(np.exp(-np.linalg.norm(place)))
