"""The search sampler: draws what each piece might be worth, and proposes the candidate that would then be best."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from optuna.distributions import FloatDistribution, IntDistribution
from optuna.samplers import BaseSampler, RandomSampler
from optuna.trial import TrialState

from counterprompt.search.candidate import OWN
from counterprompt.search.effects import EffectModel
from counterprompt.search.features import CandidateFeatures

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    from optuna import Study
    from optuna.distributions import BaseDistribution
    from optuna.trial import FrozenTrial

    from counterprompt.ports import GenerationRequest
    from counterprompt.search.space import SearchSpace

    Matrix = npt.NDArray[np.float64]

TOTALS = "totals"
"""Trial attribute: pairs of seed and objective value."""

TERM_COST = 0.01
"""What a term must bring, in baseline spreads, to be worth its place."""

_STARTS = 3
_SWEEPS = 40


class EffectSampler(BaseSampler):
    """Thompson sampling over an `EffectModel`: an Optuna sampler for the spaces of this package alone.

    Args:
        space: the search space.
        baseline: the user's own settings.
        seeds: every seed that a trial may have run on.
        random_seed: the same seed and the same trials give the same proposal.
    """

    def __init__(
        self, space: SearchSpace, baseline: GenerationRequest, seeds: Sequence[int], random_seed: int
    ) -> None:
        self.features = CandidateFeatures(space, baseline)
        self.model = EffectModel(self.features.prior_spread, seeds)
        self._space = space
        self._seed = random_seed
        self._known: set[int] = set()
        self._seen: list[npt.NDArray[np.float64]] = [self.features.baseline_point]
        self._independent = RandomSampler(random_seed)
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
        point = self.best_point(self.model.draw_weights(random)[0], random)
        return {
            name: int(value) if at < self.features.switches else float(value)
            for at, (name, value) in enumerate(zip(self.features.names, point))
        }

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
                self.observe(trial.params, trial.user_attrs.get(TOTALS, ()))

    def observe(self, params: dict[str, float], totals: Sequence[tuple[int, float]]) -> None:
        """Add the pictures of one candidate: *totals* are pairs of seed and objective value."""
        point = self.features.points([params])
        features = self.features.of(point)[0]
        if totals and features.any():
            self.model.add(features, [seed for seed, _ in totals], [total for _, total in totals])
            self._seen.append(point[0])

    def best_point(self, weights: Matrix, random: np.random.Generator | None = None) -> Matrix:
        """Return the best point of the space if the features had *weights*: hill climbing from the best seen ones."""
        seen = np.unique(np.array(self._seen), axis=0)
        order = np.argsort(-self._worth(seen, weights), kind="stable")
        starts = [seen[at] for at in order[:_STARTS]]
        if random is not None:
            starts.append(self._random_point(random))
        climbed = np.array([self._climb(start, weights) for start in starts])
        return np.asarray(climbed[int(np.argmax(self._worth(climbed, weights)))])

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
        return np.asarray(self.features.of(points) @ weights - TERM_COST * terms - surplus)

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
