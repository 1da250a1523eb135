"""Effects as the search sees them: what the score says of every piece, and what a person likes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from counterprompt.search.surrogate.effects import DRAW_SPREAD, EffectModel

if TYPE_CHECKING:
    import numpy.typing as npt

    from counterprompt.search.surrogate.taste import TasteModel

    Matrix = npt.NDArray[np.float64]


class TastedEffects(EffectModel):
    """An `EffectModel` whose first output, the objective value, is blended with a person's taste once there is one."""

    taste: TasteModel | None = None
    """What the person likes; None until somebody answered."""
    taste_weight: float = 0.0
    """How much that counts, 0 to 1: 0 leaves the score alone, 1 asks the person alone, with the score as a first guess
    of what is liked."""

    @property
    def share(self) -> float:
        """How much the person's view counts in the end, 0 to 1: less where the answers look like chance."""
        return 0.0 if self.taste is None else self.taste_weight * self.taste.credibility

    @property
    def trust(self) -> float:
        """By what the score is multiplied."""
        return 1.0 if self.taste is None else 1.0 - self.share + self.share * self.taste.trust

    def mean_weights(self) -> Matrix:
        """Return the posterior mean of the features' weights, shape (d, outputs)."""
        means = super().mean_weights()
        if self.taste is None:
            return means
        blended = means.copy()
        blended[:, 0] = self.trust * means[:, 0] + self.share * self.taste.weights
        return blended

    def draw_weights(self, random: np.random.Generator, spread: float = DRAW_SPREAD) -> Matrix:
        """Draw weights of the objective value, shape (d,), *spread* times as far from the mean as is believed."""
        drawn = super().draw_weights(random, spread)
        if self.taste is None:
            return drawn
        (liked,) = self.taste.draw(random, 1, spread)
        trust = 1.0 - self.share + self.share * liked[0]
        return np.asarray(trust * drawn + self.share * liked[1:])

    def spread_of(self, features: Matrix) -> Matrix:
        """Return the posterior standard deviation of the expected value of each row of *features*, shape (n, d)."""
        spreads = super().spread_of(features)
        if self.taste is None:
            return spreads
        scores = features @ super().mean_weights()[:, 0]
        doubt = self.taste.variance_of(np.hstack([scores[:, None], features]))
        return np.asarray(np.sqrt((self.trust * spreads) ** 2 + self.share**2 * doubt))

    def liking(self, features: Matrix, scores: Matrix) -> Matrix:
        """Say what candidates with *features*, shape (n, d), and measured *scores*, (n,), are worth; shape (n,)."""
        if self.taste is None:
            return scores
        return np.asarray(self.trust * scores + self.share * (features @ self.taste.weights))
