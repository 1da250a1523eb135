"""Ablation: what does not carry its weight is dropped; the shortest negative prompt that keeps the gain is left."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING

from counterprompt.search.objective import pictures_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from counterprompt.search.candidate import Candidate
    from counterprompt.search.evaluation import Evaluator
    from counterprompt.search.objective import Objective
    from counterprompt.search.space import SearchSpace
    from counterprompt.search.surrogate.sampler import EffectSampler, Matrix

STAGE = "ablation"

FREE_LOSS = 0.03
"""A piece whose loss costs less than this many baseline spreads is dropped."""

DOUBT = 0.1
"""Probability of a piece being free below which no picture is spent on it."""

SEEDS_AT_ONCE = 4
"""Seeds on which one shorter candidate is tried before the next is chosen."""


def shorten(
    sampler: EffectSampler,
    space: SearchSpace,
    evaluator: Evaluator,
    objective: Objective,
    params: dict[str, float],
    seeds: Sequence[int],
    picture_limit: int,
) -> dict[str, float]:
    """Drop pieces of the candidate with *params* while what is believed of them says that they bring nothing.

    A piece is a term, a changed emphasis, LoRA weight or CFG scale. The piece that is most probably free is tried
    without on *seeds*, until none is left to doubt or one more try would go beyond *picture_limit* pictures in the
    whole study.

    Raises:
        StoppedError: the listener asked to stop; what was scored is recorded.
    """
    point = sampler.features.points([params])[0]
    tried: dict[bytes, int] = {}
    while len(simpler := sampler.landscape.simpler_points(point)):
        losses, chances = _losses(sampler, point, simpler)
        doubtful = [simpler[at] for at in chances.argsort()[::-1] if chances[at] >= DOUBT]
        attempts = [
            _attempt(sampler, space, evaluator, each, seeds[tried.get(each.tobytes(), 0) :]) for each in doubtful
        ]
        affordable = [each for each in attempts if each.seeds and each.fits(evaluator, picture_limit)]
        if affordable:
            _order_ahead(evaluator, affordable, picture_limit)
            first = affordable[0]
            tried[first.point.tobytes()] = tried.get(first.point.tobytes(), 0) + len(first.seeds)
            deltas = evaluator.deltas(objective, first.candidate, first.seeds, STAGE)
            sampler.observe(first.params, pictures_of(first.seeds, deltas))
        elif losses.min() < FREE_LOSS:
            point = simpler[int(losses.argmin())]
        else:
            break
    return sampler.params_at(point)


@dataclass(frozen=True)
class _Attempt:
    """A shorter candidate, and the seeds that it would run on next."""

    point: Matrix
    params: dict[str, float]
    candidate: Candidate
    seeds: Sequence[int]

    def fits(self, evaluator: Evaluator, picture_limit: int) -> bool:
        """Whether its pictures are still within the limit of the study."""
        return evaluator.pictures + evaluator.awaited + evaluator.cost(self.candidate, self.seeds) <= picture_limit


def _attempt(
    sampler: EffectSampler, space: SearchSpace, evaluator: Evaluator, point: Matrix, untried: Sequence[int]
) -> _Attempt:
    params = sampler.params_at(point)
    return _Attempt(point, params, space.compose(params, evaluator.baseline), untried[:SEEDS_AT_ONCE])


def _order_ahead(evaluator: Evaluator, attempts: Sequence[_Attempt], picture_limit: int) -> None:
    """Where workers would wait for the first attempt, have them draw for the next ones too: most are needed anyway."""
    for each in attempts:
        if evaluator.is_shared and evaluator.room and each.fits(evaluator, picture_limit):
            evaluator.order(each.candidate, each.seeds)


def _losses(sampler: EffectSampler, point: Matrix, simpler: Matrix) -> tuple[Matrix, Matrix]:
    """Return the expected loss of each of the *simpler* points, and the probability that it is no real one.

    What a point would come nearer to breaking a guard is part of its loss.
    """
    import numpy as np

    belief, landscape = sampler.landscape.settled, sampler.landscape
    whole, parts = sampler.features.of(point[None, :]), sampler.features.of(simpler)
    apart = whole - parts
    means = apart @ belief.weights + landscape.guard_cost(parts, belief) - landscape.guard_cost(whole, belief)
    spreads = sampler.model.spread_of(apart)
    cdf = NormalDist().cdf
    return means, np.array([cdf((FREE_LOSS - mean) / max(spread, 1e-9)) for mean, spread in zip(means, spreads)])
