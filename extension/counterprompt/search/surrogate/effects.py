"""What each piece of a candidate adds to the objective: a Bayesian linear model over all pictures seen so far.

Every picture counts, whichever candidate it belongs to: a term that stood in forty candidates is known from forty
candidates' pictures. That is why a search by effects needs far fewer pictures than one that judges candidates one by
one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from counterprompt.search.surrogate.fit import Fit, Observations, fitted, log_evidence

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from counterprompt.search.surrogate.shared_luck import SharedLuck

    Matrix = npt.NDArray[np.float64]

DRAW_SPREAD = 0.7
"""How wide draws spread around the posterior mean, 1 being the posterior itself: with hundreds of weights the full
width explores what no budget of ours could pay for."""

FIRST_CHOICE = 16
"""Pictures after which the views of luck are compared for the first time, then whenever there are twice as many."""


class EffectModel:
    """Weights of features, each with a normal prior.

    Several outputs are learned side by side, from the same pictures: the objective value first, then the guards.
    Observations are added as they come.

    Args:
        prior_spread: prior standard deviation of each feature's weight, shape (d,).
        views: what pictures of one seed may have in common, the usual case first; pictures decide which it is.
        outputs: how many numbers a picture is told by.
        prior_mean: what each feature's weight in the objective value is expected to be, shape (d,); zero by default,
            as it always is for the other outputs.
    """

    def __init__(
        self, prior_spread: Matrix, views: Sequence[SharedLuck], outputs: int = 1, prior_mean: Matrix | None = None
    ) -> None:
        self._views = views
        self._told = [Observations(len(prior_spread), outputs) for _ in views]
        self._prior = prior_spread**-2
        self._expected = np.zeros((len(prior_spread), outputs))
        if prior_mean is not None:
            self._expected[:, 0] = prior_mean
        self.view = 0
        """Which of the views pictures speak for."""
        self._fit: Fit | None = None

    @property
    def noise(self) -> float:
        """Estimated standard deviation of a picture's luck: how far it lies around what its candidate is worth."""
        return float(self.noises[0])

    @property
    def noises(self) -> Matrix:
        """The same for each output, shape (outputs,)."""
        return self._solve().noises

    def add(self, features: Matrix, seeds: Sequence[int], values: Matrix) -> None:
        """Add one candidate's pictures: its *features*, shape (d,), its *values* on *seeds*, shape (seeds, outputs).

        Views are compared at every doubling, over the pictures that came until then: the same pictures in another order
        may give other beliefs.
        """
        surprise = values - features @ self._expected
        for seed, each in zip(seeds, surprise):
            for view, told in zip(self._views, self._told):
                told.add(*view.unshared(features, seed, each))
            is_power_of_two = self.pictures & (self.pictures - 1) == 0
            if len(self._views) > 1 and self.pictures >= FIRST_CHOICE and is_power_of_two:
                self.compare_views()
        self._fit = None

    def compare_views(self) -> None:
        """Take the view of luck that all pictures so far speak for."""
        self.view = int(np.argmax(self.evidences()))
        self._fit = None

    @property
    def pictures(self) -> int:
        """How many were added."""
        return self._told[0].count

    def evidences(self) -> list[float]:
        """Say how likely all pictures are under each view of luck, as logarithms up to one constant."""
        return [log_evidence(told, self._prior) for told in self._told]

    def mean_weights(self) -> Matrix:
        """Return the posterior mean of the features' weights, shape (d, outputs)."""
        return np.asarray(self._solve().means + self._expected)

    def draw_weights(self, random: np.random.Generator, spread: float = DRAW_SPREAD) -> Matrix:
        """Draw weights of the objective value, shape (d,), *spread* times as far from the mean as is believed."""
        fit = self._solve()
        step = fit.root @ random.standard_normal(len(fit.means))
        return np.asarray(fit.means[:, 0] + spread * step + self._expected[:, 0])

    def draw_guards(self, random: np.random.Generator, spread: float = DRAW_SPREAD) -> Matrix:
        """Draw weights of the outputs behind the first, shape (d, outputs - 1), as `draw_weights` does."""
        fit = self._solve()
        steps = fit.root @ random.standard_normal((len(fit.means), fit.means.shape[1] - 1))
        return np.asarray(fit.means[:, 1:] + spread * steps * fit.noises[1:] / fit.noises[0])

    def spread_of(self, features: Matrix) -> Matrix:
        """Return the posterior standard deviation of the expected value of each row of *features*, shape (n, d)."""
        return np.asarray(np.sqrt(((features @ self._solve().root) ** 2).sum(axis=1)))

    def _solve(self) -> Fit:
        if self._fit is None:
            self._fit = fitted(self._told[self.view], self._prior)
        return self._fit
