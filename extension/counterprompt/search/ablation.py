"""Ablation: what does not carry its weight is dropped; the shortest negative prompt that keeps the gain is left."""

from __future__ import annotations

from statistics import NormalDist
from typing import TYPE_CHECKING

from counterprompt.search.objective import pictures_of

if TYPE_CHECKING:
    from collections.abc import Sequence

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
        doubtful = [at for at in chances.argsort()[::-1] if chances[at] >= DOUBT]
        at = next((at for at in doubtful if tried.get(simpler[at].tobytes(), 0) < len(seeds)), None)
        if at is not None:
            shorter = sampler.params_at(simpler[at])
            begin = tried.get(simpler[at].tobytes(), 0)
            block = seeds[begin : begin + SEEDS_AT_ONCE]
            tried[simpler[at].tobytes()] = begin + len(block)
            candidate = space.compose(shorter, evaluator.baseline)
            if evaluator.pictures + evaluator.cost(candidate, block) <= picture_limit:
                deltas = evaluator.deltas(objective, candidate, block, STAGE)
                sampler.observe(shorter, pictures_of(block, deltas))
        elif losses.min() < FREE_LOSS:
            point = simpler[int(losses.argmin())]
        else:
            break
    return sampler.params_at(point)


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
