"""The search sampler: draws what each piece might be worth, and proposes the candidate that would then be best."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from optuna.distributions import FloatDistribution, IntDistribution
from optuna.samplers import BaseSampler, RandomSampler
from optuna.trial import TrialState

from counterprompt.search.candidate import OWN
from counterprompt.search.guard_limits import GUARDS
from counterprompt.search.objective import PICTURES
from counterprompt.search.surrogate.effects import DRAW_SPREAD
from counterprompt.search.surrogate.features import CandidateFeatures
from counterprompt.search.surrogate.tasted import TastedEffects

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    from optuna import Study
    from optuna.distributions import BaseDistribution
    from optuna.trial import FrozenTrial

    from counterprompt.ports import GenerationRequest
    from counterprompt.search.space import SearchSpace

    Matrix = npt.NDArray[np.float64]

GUARD_LIMIT = 0.7
"""How far a guard is let rise before it costs anything; at 1 it is broken."""

GUARD_COST = 3.0
"""What each unit beyond that limit costs, in baseline spreads: more than pictures gain by it."""

PIECE_COST = 0.015
"""What a term, or a change of a value of the user's, must bring to be worth its place, in baseline spreads."""

_STARTS = 3
_MOST_BOLDNESS = 5
_SWEEPS = 40


class EffectSampler(BaseSampler):
    """Thompson sampling over `TastedEffects`: an Optuna sampler for the spaces of this package alone.

    Args:
        space: the search space.
        baseline: the user's own settings.
        seeds: every seed that a trial may have run on.
        random_seed: the same seed and the same trials give the same proposal.
    """

    def __init__(self, space: SearchSpace, baseline: GenerationRequest, seeds: Sequence[int], random_seed: int) -> None:
        self._baseline, self._seeds = baseline, tuple(seeds)
        self._seed = random_seed
        self._independent = RandomSampler(random_seed)
        self.widen(space)

    def widen(self, space: SearchSpace) -> None:
        """Search *space* from now on, which offers more than before; everything learned has to be told anew.

        `learn` does that for finished trials, all of which the study keeps; what they did not have counts as off.
        """
        self.features = CandidateFeatures(space, self._baseline)
        self.model = TastedEffects(self.features.prior_spread, self._seeds, 1 + len(GUARDS))
        self._space = space
        self._seed_count = len(self._seeds)
        self._known: set[int] = set()
        self._observed: dict[bytes, set[int]] = {}
        self._tried: list[Matrix] = [self.features.baseline_point]
        self._choices = [self._choices_of(name) for name in self.features.names]

    def infer_relative_search_space(self, study: Study, trial: FrozenTrial) -> dict[str, BaseDistribution]:
        """Name every dimension, the conditional ones too: those that the trial does not ask for are ignored."""
        return {name: self._distribution(name) for name in self.features.names}

    def sample_relative(
        self, study: Study, trial: FrozenTrial, search_space: dict[str, BaseDistribution]
    ) -> dict[str, Any]:
        """Propose the candidate that is best under one draw from what is believed after all finished trials."""
        self.learn(study.get_trials(deepcopy=False, states=(TrialState.COMPLETE,)))
        random = np.random.default_rng((self._seed, trial.number))
        for boldness in range(1, _MOST_BOLDNESS + 1):
            weights = self.model.draw_weights(random, DRAW_SPREAD * boldness)
            point = self.best_point(weights, random)
            if not self._is_used_up(point):
                break
        return self.params_at(point)

    def sample_independent(
        self, study: Study, trial: FrozenTrial, param_name: str, param_distribution: BaseDistribution
    ) -> Any:
        """Draw at random what the space does not name."""
        return self._independent.sample_independent(study, trial, param_name, param_distribution)

    def learn(self, trials: Sequence[FrozenTrial]) -> None:
        """Add the pictures of those *trials* that were not known yet; the baseline's tell nothing."""
        for trial in trials:
            if trial.number not in self._known:
                self._known.add(trial.number)
                self.observe(trial.params, trial.user_attrs.get(PICTURES, ()))

    def observe(self, params: dict[str, float], pictures: Sequence[Sequence[float]]) -> None:
        """Add *pictures* of one candidate, as `objective.pictures_of` tells them; known ones are left out."""
        point = self.features.points([params])
        features = self.features.of(point)[0]
        known = self._observed.setdefault(features.tobytes(), set())
        fresh = [picture for picture in pictures if picture[0] not in known]
        if fresh and features.any():
            seeds = [int(picture[0]) for picture in fresh]
            self.model.add(features, seeds, np.array([picture[1:] for picture in fresh], dtype=float))
            known.update(seeds)
            self._tried.append(point[0])

    def _is_used_up(self, point: Matrix) -> bool:
        """Whether *point* has run on every seed, or is the user's own, so that it could tell nothing new."""
        features = self.features.of(point[None, :])[0]
        return not features.any() or len(self._observed.get(features.tobytes(), ())) >= self._seed_count

    def tried_points(self) -> Matrix:
        """Return every different point that was observed, the baseline's first, shape (n, names)."""
        return np.array(list({point.tobytes(): point for point in self._tried}.values()))

    def expected(self, points: Matrix) -> tuple[Matrix, Matrix]:
        """Return mean and standard deviation of the objective value believed in at *points*, each of shape (n,)."""
        features = self.features.of(points)
        return features @ self.model.mean_weights()[:, 0], self.model.spread_of(features)

    def liking(self, params: dict[str, float], score: float) -> float:
        """Say what a measured *score* of the candidate with *params* is worth to the person who was asked, if any."""
        features = self.features.of(self.features.points([params]))
        return float(self.model.liking(features, np.array([score]))[0])

    def params_at(self, point: Matrix) -> dict[str, float]:
        """Write *point* as parameters."""
        return {
            name: int(value) if at < self.features.switches else float(value)
            for at, (name, value) in enumerate(zip(self.features.names, point))
        }

    def best_point(self, weights: Matrix | None = None, random: np.random.Generator | None = None) -> Matrix:
        """Return the best point under *weights*, shape (d,), or as believed: hill climbing from the best tried ones."""
        if weights is None:
            weights = self.model.mean_weights()[:, 0]
        seen = self.tried_points()
        order = np.argsort(-self._worth(seen, weights), kind="stable")
        starts = [seen[at] for at in order[:_STARTS]]
        if random is not None:
            starts.append(self._random_point(random))
        climbed = np.array([self._climb(start, weights) for start in starts])
        return np.asarray(climbed[int(np.argmax(self._worth(climbed, weights)))])

    def value_above(self, at: int, value: float) -> float | None:
        """Return the next higher value that dimension *at* is searched on, None where *value* is the highest."""
        higher = self._choices[at][self._choices[at] > value]
        return float(higher[0]) if len(higher) else None

    def simpler_points(self, point: Matrix) -> Matrix:
        """Return every point one step simpler than *point*: a term, a layer or a change of the user's values less."""
        found = []
        for at in range(len(point)):
            plain = self.features.plain_point[at]
            if point[at] != plain:
                moved = point.copy()
                moved[at] = plain
                if self.features.of(moved[None, :]).tobytes() != self.features.of(point[None, :]).tobytes():
                    found.append(moved)
        return np.array(found).reshape(len(found), len(point))

    def _climb(self, point: Matrix, weights: Matrix) -> Matrix:
        worth = self._worth(point[None, :], weights)[0]
        for _ in range(_SWEEPS):
            neighbours = self._neighbours(point)
            values = self._worth(neighbours, weights)
            best = int(np.argmax(values))
            if values[best] <= worth + 1e-9:
                break
            point, worth = neighbours[best], values[best]
        return point

    def _worth(self, points: Matrix, weights: Matrix) -> Matrix:
        terms = self.features.term_counts(points)
        surplus = np.maximum(0.0, terms - self._space.term_limit)
        features = self.features.of(points)
        rises = features @ self.model.mean_weights()[:, 1:]
        broken = np.maximum(0.0, rises - GUARD_LIMIT).sum(axis=1)
        pieces = terms + self.features.changes(points)
        return np.asarray(features @ weights - PIECE_COST * pieces - GUARD_COST * broken - surplus)

    def _neighbours(self, point: Matrix) -> Matrix:
        found = []
        for at, choices in enumerate(self._choices):
            for value in choices[choices != point[at]]:
                if value and self.features.names[at].startswith("term:"):
                    found.append(self.features.with_term(point, at))
                else:
                    moved = point.copy()
                    moved[at] = value
                    found.append(moved)
        return np.array(found)

    def _random_point(self, random: np.random.Generator) -> Matrix:
        return np.array([random.choice(choices) for choices in self._choices])

    def _choices_of(self, name: str) -> Matrix:
        distribution = self._distribution(name)
        if isinstance(distribution, IntDistribution):
            return np.array([0.0, 1.0])
        assert isinstance(distribution, FloatDistribution)
        count = max(2, round((distribution.high - distribution.low) / _STEP[name.split(":")[0]]) + 1)
        return np.unique(np.linspace(distribution.low, distribution.high, count).round(3))

    def _distribution(self, name: str) -> BaseDistribution:
        if name == OWN or name.startswith(("layer:", "term:")):
            return IntDistribution(0, 1)
        if name.startswith("emphasis:"):
            return FloatDistribution(*self._space.emphasis_range)
        if name == "cfg_scale":
            assert self._space.cfg_range is not None
            return FloatDistribution(*self._space.cfg_range)
        lora = next(each for each in self._space.loras if f"lora:{each.name}" == name)
        return FloatDistribution(lora.low, lora.high)


_STEP = {"emphasis": 0.1, "lora": 0.05, "cfg_scale": 0.5}
