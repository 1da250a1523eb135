"""What points of the space are worth by what is believed, and the way uphill from one to the next."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from optuna.distributions import FloatDistribution, IntDistribution

from counterprompt.search.candidate import OWN

if TYPE_CHECKING:
    import numpy.typing as npt
    from optuna.distributions import BaseDistribution

    from counterprompt.search.space import SearchSpace
    from counterprompt.search.surrogate.effects import EffectModel
    from counterprompt.search.surrogate.features import CandidateFeatures

    Matrix = npt.NDArray[np.float64]

GUARD_LIMIT = 0.7
"""How far a guard is let rise before it costs anything; at 1 it is broken."""

GUARD_COST = 3.0
"""What each unit beyond that limit costs, in baseline spreads: more than pictures gain by it."""

GUARD_DOUBT = 1.0
"""How many standard deviations above its expected rise a guard is held to be where a winner is chosen: of many points
the best one is also one whose guards were thought too harmless."""

PIECE_COST = 0.01
"""What a term, or a change of a value of the user's, must bring to be worth its place, in baseline spreads."""

_SWEEPS = 40
_STEP = {"emphasis": 0.1, "lora": 0.05, "cfg_scale": 0.5}


@dataclass(frozen=True)
class Belief:
    """What points are judged by: as expected, or as drawn."""

    weights: Matrix
    """Of each feature in the objective value, shape (d,)."""
    guards: Matrix
    """Of each feature in the rise of each guard, shape (d, guards)."""
    doubt: float = 0.0
    """By how many standard deviations a guard counts as risen more than that."""


class Landscape:
    """Judges points of *space* by *model* over *features*, and climbs from point to better point."""

    def __init__(self, space: SearchSpace, features: CandidateFeatures, model: EffectModel) -> None:
        self._space, self._features, self._model = space, features, model
        self.choices = [self._choices_of(name) for name in features.names]
        """The values that each dimension is searched on, in order."""

    def worth(self, points: Matrix, belief: Belief) -> Matrix:
        """Say what each of *points* is worth, in baseline spreads, shape (n,).

        That is the objective value less what its pieces cost and what broken guards cost.
        """
        features = self._features.of(points)
        terms = self._features.term_counts(features)
        surplus = np.maximum(0.0, terms - self._space.term_limit)
        pieces = terms + self._features.changes(points)
        return np.asarray(features @ belief.weights - PIECE_COST * pieces - self.guard_cost(features, belief) - surplus)

    def guard_cost(self, features: Matrix, belief: Belief) -> Matrix:
        """Say what broken guards cost candidates with *features*, shape (n, d), in baseline spreads, shape (n,)."""
        rises = features @ belief.guards
        if belief.doubt:
            spreads = self._model.spread_of(features)[:, None] * self._model.noises[1:] / self._model.noise
            rises = rises + belief.doubt * spreads
        return np.asarray(GUARD_COST * np.maximum(0.0, rises - GUARD_LIMIT).sum(axis=1))

    def drawn(self, random: np.random.Generator, spread: float) -> Belief:
        """Draw what might be true, *spread* times as far from what is expected as is believed."""
        return Belief(self._model.draw_weights(random, spread), self._model.draw_guards(random, spread))

    @property
    def settled(self) -> Belief:
        """What is expected by all pictures, guards held to be higher by some doubt: what a winner is chosen by."""
        means = self._model.mean_weights()
        return Belief(means[:, 0], means[:, 1:], GUARD_DOUBT)

    def climb(self, point: Matrix, belief: Belief) -> Matrix:
        """Change one dimension of *point* after another, always the one that brings most, until none brings any."""
        worth = self.worth(point[None, :], belief)[0]
        for _ in range(_SWEEPS):
            neighbours = self._neighbours(point)
            if not len(neighbours):
                break
            values = self.worth(neighbours, belief)
            best = int(np.argmax(values))
            if values[best] <= worth + 1e-9:
                break
            point, worth = neighbours[best], values[best]
        return point

    def random_point(self, random: np.random.Generator) -> Matrix:
        """Draw every dimension by itself."""
        return np.array([random.choice(choices) for choices in self.choices])

    def simpler_points(self, point: Matrix) -> Matrix:
        """Return every point one step simpler than *point*: a term, a layer or a change of the user's values less."""
        found = []
        for at in range(len(point)):
            plain = self._features.plain_point[at]
            if point[at] != plain:
                moved = point.copy()
                moved[at] = plain
                if self._features.of(moved[None, :]).tobytes() != self._features.of(point[None, :]).tobytes():
                    found.append(moved)
        return np.array(found).reshape(len(found), len(point))

    def distribution(self, name: str) -> BaseDistribution:
        """Return the range of the dimension *name*, as Optuna knows it."""
        if name == OWN or name.startswith(("layer:", "term:")):
            return IntDistribution(0, 1)
        if name.startswith("emphasis:"):
            return FloatDistribution(*self._space.emphasis_range)
        if name == "cfg_scale":
            assert self._space.cfg_range is not None
            return FloatDistribution(*self._space.cfg_range)
        lora = next(each for each in self._space.loras if f"lora:{each.name}" == name)
        return FloatDistribution(lora.low, lora.high)

    def _neighbours(self, point: Matrix) -> Matrix:
        """Return every point one step from *point*, a layer woken for its term where need be, shape (n, names)."""
        columns, values = self._moves
        is_other = point[columns] != values
        columns, values = columns[is_other], values[is_other]
        found = np.repeat(point[None, :], len(columns), axis=0)
        found[np.arange(len(columns)), columns] = values
        for row in np.flatnonzero(self._features.sleeping(point)[columns] & (values > 0)):
            found[row] = self._features.with_term(point, int(columns[row]))
        return found

    @cached_property
    def _moves(self) -> tuple[npt.NDArray[np.intp], Matrix]:
        """Column and value of everything that a dimension can be set to, both of shape (moves,)."""
        columns = np.repeat(np.arange(len(self.choices)), [len(choices) for choices in self.choices])
        return columns, np.concatenate(self.choices)

    def _choices_of(self, name: str) -> Matrix:
        distribution = self.distribution(name)
        if isinstance(distribution, IntDistribution):
            return np.array([0.0, 1.0])
        assert isinstance(distribution, FloatDistribution)
        count = max(2, round((distribution.high - distribution.low) / _STEP[name.split(":")[0]]) + 1)
        return np.unique(np.linspace(distribution.low, distribution.high, count).round(3))
