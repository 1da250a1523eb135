"""Ablation: what does not carry its weight is dropped; the shortest negative prompt that keeps the gain is left."""

from __future__ import annotations

from statistics import NormalDist
from typing import TYPE_CHECKING

from counterprompt.search.objective import pictures_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

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
        untold = [each for each in doubtful if tried.get(each.tobytes(), 0) < len(seeds)]
        if untold:
            attempts = [_attempt(sampler, space, evaluator, seeds, each, tried) for each in untold]
            _order_ahead(evaluator, attempts, picture_limit)
            tried[untold[0].tobytes()] = tried.get(untold[0].tobytes(), 0) + SEEDS_AT_ONCE
            params, candidate, block = attempts[0]
            if _fits(evaluator, candidate, block, picture_limit):
                deltas = evaluator.deltas(objective, candidate, block, STAGE)
                sampler.observe(params, pictures_of(block, deltas))
        elif losses.min() < FREE_LOSS:
            point = simpler[int(losses.argmin())]
        else:
            break
    return sampler.params_at(point)


def _attempt(
    sampler: EffectSampler,
    space: SearchSpace,
    evaluator: Evaluator,
    seeds: Sequence[int],
    point: Matrix,
    tried: Mapping[bytes, int],
) -> tuple[dict[str, float], Candidate, Sequence[int]]:
    """Return the parameters of *point*, its candidate, and the seeds that it runs on next."""
    params, begin = sampler.params_at(point), tried.get(point.tobytes(), 0)
    return params, space.compose(params, evaluator.baseline), seeds[begin : begin + SEEDS_AT_ONCE]


def _order_ahead(
    evaluator: Evaluator, attempts: Sequence[tuple[dict[str, float], Candidate, Sequence[int]]], picture_limit: int
) -> None:
    """Where workers would wait for the first attempt, have them draw for the next ones too: most are needed anyway."""
    for _, candidate, block in attempts:
        if evaluator.is_shared and evaluator.room and _fits(evaluator, candidate, block, picture_limit):
            evaluator.order(candidate, block)


def _fits(evaluator: Evaluator, candidate: Candidate, block: Sequence[int], picture_limit: int) -> bool:
    return evaluator.pictures + evaluator.awaited + evaluator.cost(candidate, block) <= picture_limit


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
