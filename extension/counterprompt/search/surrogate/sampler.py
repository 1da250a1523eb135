"""The search sampler: draws what each piece might be worth, and proposes the candidate that would then be best."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
from optuna.samplers import BaseSampler, RandomSampler
from optuna.trial import TrialState

from counterprompt.search.guard_limits import GUARDS
from counterprompt.search.objective import PICTURES
from counterprompt.search.surrogate.effects import DRAW_SPREAD
from counterprompt.search.surrogate.features import CandidateFeatures
from counterprompt.search.surrogate.landscape import Belief, Landscape
from counterprompt.search.surrogate.one_thread import one_thread
from counterprompt.search.surrogate.prior import prior_of
from counterprompt.search.surrogate.shared_luck import views_of_luck
from counterprompt.search.surrogate.tasted import TastedEffects

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt
    from optuna import Study
    from optuna.distributions import BaseDistribution
    from optuna.trial import FrozenTrial

    from counterprompt.ports import GenerationRequest
    from counterprompt.search.space import SearchSpace

    Matrix = npt.NDArray[np.float64]

WORST_LOSS = 2.0
"""A picture that loses more than so many baseline spreads is learned from as one that loses so many: how bad a bad
candidate is matters to nobody, and one picture far down would drown what ten others say of the good ones."""

_STARTS = 3
_MOST_BOLDNESS = 5


class EffectSampler(BaseSampler):
    """Thompson sampling over `TastedEffects`: an Optuna sampler for the spaces of this package alone.

    Args:
        space: the search space.
        baseline: the user's own settings.
        seeds: every seed that a trial may have run on.
        random_seed: the same seed and the same trials give the same proposal.
        reliefs: a term's folded words to what it is expected to add to the objective value before anything was tried.
        levels: how far the baseline's picture on a seed lies above its pictures on average, in baseline spreads.
    """

    def __init__(
        self,
        space: SearchSpace,
        baseline: GenerationRequest,
        seeds: Sequence[int],
        random_seed: int,
        reliefs: Mapping[tuple[str, ...], float] = MappingProxyType({}),
        levels: Mapping[int, float] = MappingProxyType({}),
    ) -> None:
        self._baseline, self._seeds = baseline, tuple(seeds)
        self._seed, self._reliefs, self._levels = random_seed, reliefs, levels
        self._independent = RandomSampler(random_seed)
        self.widen(space)

    def widen(self, space: SearchSpace) -> None:
        """Search *space* from now on, which offers more than before; everything learned has to be told anew.

        `learn` does that for finished trials, all of which the study keeps; what they did not have counts as off.
        """
        self.features = CandidateFeatures(space, self._baseline)
        self.prior = prior_of(self.features, self._reliefs)
        views = views_of_luck(self.features.distances, self._levels)
        self.model = TastedEffects(self.prior.spread, views, 1 + len(GUARDS), self.prior.mean)
        self.landscape = Landscape(space, self.features, self.model)
        self._known: set[int] = set()
        self._observed: dict[bytes, set[int]] = {}
        self._tried: list[Matrix] = [self.features.baseline_point]

    def infer_relative_search_space(self, study: Study, trial: FrozenTrial) -> dict[str, BaseDistribution]:
        """Name every dimension, the conditional ones too: those that the trial does not ask for are ignored."""
        return {name: self.landscape.distribution(name) for name in self.features.names}

    def sample_relative(
        self, study: Study, trial: FrozenTrial, search_space: dict[str, BaseDistribution]
    ) -> dict[str, Any]:
        """Propose the candidate that is best under one draw from what is believed after all finished trials."""
        self.learn(study.get_trials(deepcopy=False, states=(TrialState.COMPLETE,)))
        random = np.random.default_rng((self._seed, trial.number))
        for boldness in range(1, _MOST_BOLDNESS + 1):
            point = self.best_point(self.landscape.drawn(random, DRAW_SPREAD * boldness), random)
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
        """Add *pictures* of one candidate, as `objective.pictures_of` tells them; known ones are left out.

        What a picture loses beyond WORST_LOSS is not learned.
        """
        point = self.features.points([params])
        features = self.features.of(point)[0]
        known = self._observed.setdefault(features.tobytes(), set())
        fresh = [picture for picture in pictures if picture[0] not in known]
        if fresh and features.any():
            seeds = [int(picture[0]) for picture in fresh]
            values = np.array([picture[1:] for picture in fresh], dtype=float)
            values[:, 0] = np.maximum(values[:, 0], -WORST_LOSS)
            self.model.add(features, seeds, values)
            known.update(seeds)
            self._tried.append(point[0])

    def _is_used_up(self, point: Matrix) -> bool:
        """Whether *point* has run on every seed, or is the user's own, so that it could tell nothing new."""
        features = self.features.of(point[None, :])[0]
        return not features.any() or len(self._observed.get(features.tobytes(), ())) >= len(self._seeds)

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

    def best_point(self, belief: Belief | None = None, random: np.random.Generator | None = None) -> Matrix:
        """Return the best point under *belief*, or as settled: hill climbing from the best tried ones.

        With *random* it climbs from a random point too.
        """
        belief = belief or self.landscape.settled
        with one_thread():
            starts = list(self.best_tried_points(belief)[:_STARTS])
            if random is not None:
                starts.append(self.landscape.random_point(random))
            climbed = np.array([self.landscape.climb(start, belief) for start in starts])
            return np.asarray(climbed[int(np.argmax(self.landscape.worth(climbed, belief)))])

    def best_tried_points(self, belief: Belief | None = None) -> Matrix:
        """Return `tried_points`, those worth most under *belief* first, or as settled."""
        seen = self.tried_points()
        worth = self.landscape.worth(seen, belief or self.landscape.settled)
        return np.asarray(seen[np.argsort(-worth, kind="stable")])

    def value_above(self, at: int, value: float) -> float | None:
        """Return the next higher value that dimension *at* is searched on, None where *value* is the highest."""
        choices = self.landscape.choices[at]
        higher = choices[choices > value]
        return float(higher[0]) if len(higher) else None
