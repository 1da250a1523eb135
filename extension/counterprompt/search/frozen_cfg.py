"""How much of a proven gain stays with the user's own CFG scale: scores like guidance more than people do."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from counterprompt.search.statistics import paired_estimate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from counterprompt.search.candidate import Candidate
    from counterprompt.search.evaluation import Evaluator
    from counterprompt.search.objective import Objective

STAGE = "CFG scale left alone"

FEWEST_SEEDS = 4
"""Below that the interval would say nothing."""


@dataclass(frozen=True)
class FrozenCfg:
    """The winner with the user's own CFG scale, on some of the proof seeds; gains in units of the baseline's spread."""

    cfg_scale: float
    """The user's own."""
    seeds: int
    """On how many of the proof seeds it was drawn."""
    gain: float
    """Mean gain over the user's settings that is left without the change of the CFG scale."""
    ci95: tuple[float, float]
    """95 % interval of that gain."""
    winner_gain: float
    """Mean gain of the winner as it is, on the same seeds."""
    cfg_gain: float
    """What the change of the CFG scale adds: the difference of the two, seed by seed."""
    cfg_ci95: tuple[float, float]
    """95 % interval of that difference."""


def measure_frozen_cfg(
    evaluator: Evaluator, objective: Objective, winner: Candidate, seeds: Sequence[int], picture_limit: int
) -> FrozenCfg | None:
    """Draw *winner* with the user's own CFG scale on as many of *seeds* as fit into *picture_limit* pictures in all.

    The winner's own pictures on *seeds* are known already. None where it leaves the CFG scale alone or where fewer than
    `FEWEST_SEEDS` fit.

    Raises:
        StoppedError: the listener asked to stop; what was scored is recorded.
    """
    if winner.cfg_scale is None:
        return None
    frozen = replace(winner, cfg_scale=None)
    used = seeds[: _affordable(evaluator, frozen, seeds, picture_limit)]
    if len(used) < FEWEST_SEEDS:
        return None
    whole = [delta.total for delta in evaluator.deltas(objective, winner, used, STAGE)]
    rest = [delta.total for delta in evaluator.deltas(objective, frozen, used, STAGE)]
    left = paired_estimate(rest)
    added = paired_estimate([all_of_it - part for all_of_it, part in zip(whole, rest)])
    return FrozenCfg(
        cfg_scale=evaluator.baseline.cfg_scale,
        seeds=len(used),
        gain=left.mean,
        ci95=(left.low, left.high),
        winner_gain=sum(whole) / len(whole),
        cfg_gain=added.mean,
        cfg_ci95=(added.low, added.high),
    )


def _affordable(evaluator: Evaluator, candidate: Candidate, seeds: Sequence[int], picture_limit: int) -> int:
    """Count the seeds that fit; seeds whose pictures were asked for before cost nothing."""
    room = picture_limit - evaluator.pictures
    return next((at for at in range(len(seeds)) if evaluator.cost(candidate, seeds[: at + 1]) > room), len(seeds))
