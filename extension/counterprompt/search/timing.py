"""When the layers of the leading candidate act: from later on, or only at first, tried once it is as short as it gets.

As dimensions of the search itself two more for every layer would thin out what each picture tells; so only the leading
candidate is tried with its layers scheduled, all of them alike, and the user's own text is left as it is.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from counterprompt.search.statistics import is_probably_worse, paired_estimate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from counterprompt.search.candidate import Candidate
    from counterprompt.search.evaluation import Evaluator
    from counterprompt.search.objective import Objective

STAGE: Final = "timing"

TIMES: Final[tuple[tuple[float | None, float | None], ...]] = ((0.2, None), (None, 0.6))
"""Fractions of the steps between which all layers act: `[terms:0.2]` and `[terms::0.6]`."""

SEEDS_AT_ONCE: Final = 4
"""Seeds on which a variant is tried before it may be given up."""

HOPELESS: Final = 0.2
"""A variant that a one-sided test at this level calls worse is given up."""

SURE_ENOUGH: Final = 0.8
"""A variant is taken where the two-sided interval at this confidence lies above zero; the proof judges it anyway."""


@dataclass(frozen=True)
class TimedVariant:
    """The leading candidate with its layers scheduled."""

    start: float | None
    """Fraction of the steps after which the layers begin to act; None: from the first."""
    stop: float | None
    """Fraction of the steps after which they no longer act; None: to the last."""
    seeds: int
    """Search seeds it ran on."""
    gain: float
    """Mean difference from the candidate whose layers always act, in baseline spreads, on the same seeds."""
    ci95: tuple[float, float]
    """95 % interval of that difference."""
    is_used: bool
    """Whether the challenger has it."""


def time_layers(
    evaluator: Evaluator, objective: Objective, candidate: Candidate, seeds: Sequence[int], picture_limit: int
) -> tuple[Candidate, tuple[TimedVariant, ...]]:
    """Try *candidate* with its layers scheduled on *seeds*, within *picture_limit* pictures of the study in all.

    Returns:
        The best of the scheduled ones where one is probably better, otherwise *candidate*; and all that was tried.

    Raises:
        StoppedError: the listener asked to stop; what was scored is recorded.
    """
    if not candidate.layers:
        return candidate, ()
    variants = {times: _scheduled(candidate, *times) for times in TIMES}
    gains = {
        times: _race(evaluator, objective, candidate, each, seeds, picture_limit) for times, each in variants.items()
    }
    tried = {times: found for times, found in gains.items() if len(found) >= SEEDS_AT_ONCE}
    sure = [times for times, found in tried.items() if paired_estimate(found, SURE_ENOUGH).low > 0]
    best = max(sure, key=lambda times: paired_estimate(tried[times]).mean, default=None)
    return candidate if best is None else variants[best], tuple(
        _told(times, found, is_used=times == best) for times, found in tried.items()
    )


def _scheduled(candidate: Candidate, start: float | None, stop: float | None) -> Candidate:
    return replace(candidate, layers=tuple(replace(layer, start=start, stop=stop) for layer in candidate.layers))


def _race(
    evaluator: Evaluator,
    objective: Objective,
    candidate: Candidate,
    variant: Candidate,
    seeds: Sequence[int],
    picture_limit: int,
) -> list[float]:
    """Return what *variant* adds to *candidate* seed by seed, until it is hopeless or the pictures are used up."""
    gains: list[float] = []
    for start in range(0, len(seeds), SEEDS_AT_ONCE):
        block = seeds[start : start + SEEDS_AT_ONCE]
        cost = evaluator.cost(candidate, block) + evaluator.cost(variant, block)
        if evaluator.pictures + cost > picture_limit or is_probably_worse(gains, HOPELESS):
            break
        plain = evaluator.deltas(objective, candidate, block, STAGE)
        timed = evaluator.deltas(objective, variant, block, STAGE)
        gains += [one.total - other.total for one, other in zip(timed, plain)]
    return gains


def _told(times: tuple[float | None, float | None], gains: Sequence[float], *, is_used: bool) -> TimedVariant:
    estimate = paired_estimate(gains)
    return TimedVariant(*times, len(gains), estimate.mean, (estimate.low, estimate.high), is_used)
