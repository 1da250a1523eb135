"""The end of the search: a few finalists run on every search seed, and one of them becomes the challenger."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from counterprompt.search.candidate import BASELINE, Candidate
from counterprompt.search.objective import mean_deltas, pictures_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from counterprompt.search.evaluation import Evaluator
    from counterprompt.search.objective import ComponentDeltas, Objective
    from counterprompt.search.space import SearchSpace
    from counterprompt.search.surrogate.sampler import EffectSampler

STAGE = "choice"

BELIEF_SEEDS = 24.0
"""Seeds that the model's belief in a finalist is worth beside the finalist's own pictures."""


@dataclass(frozen=True)
class Finalist:
    """A candidate that has run on every search seed."""

    candidate: Candidate
    """What it is."""
    params: dict[str, float]
    """Its parameters."""
    value: float
    """Its own mean and the model's belief, weighed by seeds: less lucky than the mean alone."""
    breaks_guard: bool
    """Whether a guard is broken on average over the search seeds."""


def nominate(
    sampler: EffectSampler, space: SearchSpace, evaluator: Evaluator, count: int, besides: Sequence[Candidate] = ()
) -> list[dict[str, float]]:
    """Name the parameters of *count* different candidates, none of them the baseline or *besides*: those believed best.

    First comes the best point of the whole space, tried or not, then the best ones that were tried. Of those that
    differ in emphasis alone one is named: their pictures are much the same.
    """
    requests = {evaluator.request_key(each) for each in (BASELINE, *besides)}
    looks, named = {sampler.features.look(sampler.features.baseline_point)}, []
    for point in [sampler.best_point(), *sampler.best_tried_points()]:
        params, look = sampler.params_at(point), sampler.features.look(point)
        request = evaluator.request_key(space.compose(params, evaluator.baseline))
        if look not in looks and request not in requests:
            looks.add(look)
            requests.add(request)
            named.append(params)
    return named[:count]


def choose(
    sampler: EffectSampler,
    space: SearchSpace,
    evaluator: Evaluator,
    objective: Objective,
    seeds: Sequence[int],
    count: int,
    picture_limit: int = 0,
) -> Finalist | None:
    """Run *count* finalists on all *seeds* and return the best of them, None where nothing but the baseline is left.

    While every one of them breaks a guard, others follow one by one, as long as the study stays within *picture_limit*.

    Raises:
        StoppedError: the listener asked to stop; what was scored is recorded.
    """
    ran: list[_Ran] = []
    nominated = _nominated(sampler, space, evaluator, count)
    while nominated:
        for _, candidate in nominated:
            evaluator.order(candidate, seeds)  # all at once, where workers draw
        for params, candidate in nominated:
            deltas = evaluator.deltas(objective, candidate, seeds, STAGE)
            sampler.observe(params, pictures_of(seeds, deltas))
            ran.append(_Ran(params, candidate, mean_deltas(deltas)))
        if not all(each.breaks_guard for each in ran):
            break
        further = _nominated(sampler, space, evaluator, 1, [each.candidate for each in ran])
        room = picture_limit - evaluator.pictures
        nominated = [each for each in further if evaluator.cost(each[1], seeds) <= room]
    finalists = []
    for each in ran:
        belief = float(sampler.expected(sampler.features.points([each.params]))[0][0])
        worth = sampler.liking(each.params, each.mean.total)
        value = (len(seeds) * worth + BELIEF_SEEDS * belief) / (len(seeds) + BELIEF_SEEDS)
        finalists.append(Finalist(each.candidate, each.params, value, each.breaks_guard))
    return max(finalists, key=lambda finalist: (not finalist.breaks_guard, finalist.value), default=None)


@dataclass(frozen=True)
class _Ran:
    """A candidate and how it did on every search seed."""

    params: dict[str, float]
    candidate: Candidate
    mean: ComponentDeltas

    @property
    def breaks_guard(self) -> bool:
        """Whether a guard is broken on average."""
        return max(self.mean.guards, default=0.0) >= 1


def _nominated(
    sampler: EffectSampler, space: SearchSpace, evaluator: Evaluator, count: int, besides: Sequence[Candidate] = ()
) -> list[tuple[dict[str, float], Candidate]]:
    named = nominate(sampler, space, evaluator, count, besides)
    return [(params, space.compose(params, evaluator.baseline)) for params in named]
