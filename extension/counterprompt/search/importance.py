"""What mattered: what every piece is believed to add to the candidate that was put to the proof."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from counterprompt.search.surrogate.sampler import EffectSampler, Matrix


@dataclass(frozen=True)
class PieceEffect:
    """What one term, the user's own text, or one changed value adds; everything else as in the challenger."""

    name: str
    """The parameter, such as "term:blurry", "own", "emphasis:base", "lora:style" or "cfg_scale"."""
    effect: float
    """Expected difference with it against without it, in baseline spreads; above zero: it helps. For a value that the
    challenger leaves alone: what raising it by one unit would bring."""
    standard_error: float
    """Standard deviation of what is believed of that difference."""
    is_used: bool
    """Whether the challenger has it."""


def piece_effects(sampler: EffectSampler, params: dict[str, float]) -> tuple[PieceEffect, ...]:
    """Tell the effect of every piece around the candidate with *params*, largest first.

    The figures rest on all pictures of the search, told apart by a linear model with pairs; they describe what the
    search learned. Only the held-out gain of the whole is proven.
    """
    point = sampler.features.points([params])[0]
    effects = []
    for at, name in enumerate(sampler.features.names):
        pair = _with_and_without(sampler, point, at)
        if pair is not None:
            features = sampler.features.of(pair)
            apart = features[:1] - features[1:]
            if apart.any():
                mean = float((apart @ sampler.model.mean_weights()[:, 0])[0])
                is_used = bool(point[at] != sampler.features.plain_point[at])
                effects.append(PieceEffect(name, mean, float(sampler.model.spread_of(apart)[0]), is_used))
    return tuple(sorted(effects, key=lambda each: -abs(each.effect)))


def _with_and_without(sampler: EffectSampler, point: Matrix, at: int) -> Matrix | None:
    """Return the point with the piece *at* and without it, shape (2, names), or None where it can have no effect."""
    import numpy as np

    name = sampler.features.names[at]
    if name.startswith("layer:"):
        return None
    without = point.copy()
    without[at] = sampler.features.plain_point[at]
    if point[at] != without[at]:
        return np.array([point, without])
    if name.startswith("term:"):
        return np.array([sampler.features.with_term(point, at), point])
    above = sampler.value_above(at, float(point[at]))
    if above is None:
        return None
    raised = point.copy()
    raised[at] = above
    return np.array([raised, point])
