"""Which pictures to ask a person about: those whose answer would tell most about which candidate is best."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from counterprompt.search.surrogate.prior import MAIN_SPREAD
from counterprompt.search.surrogate.taste import Choice, TasteModel, choice_chances
from counterprompt.search.taste.questions import SHOWN_AT_ONCE, Option, Purpose, Question, Word

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from counterprompt.search.surrogate.sampler import EffectSampler
    from counterprompt.search.taste.questions import Answer

    Matrix = npt.NDArray[np.float64]
    Params = tuple[tuple[str, float], ...]

TASTE_WEIGHT = 0.7
"""How much a person's answers count against the score, by default."""

CONTENDERS = 12
"""Pictures of one seed that are thought of: those of the candidates that may be best."""

_DRAWS = 64


def hear(
    sampler: EffectSampler, answered: Sequence[tuple[Question, Answer]], taste_weight: float = TASTE_WEIGHT
) -> None:
    """Let *sampler* believe what the person *answered*, all of it, in place of what it heard before.

    Only questions of the search count; "skip" tells nothing.
    """
    choices = [
        Choice(_features(sampler, question.options), _scores(question.options), answer.picked)
        for question, answer in answered
        if question.purpose is Purpose.SEARCH and answer.word in (Word.PICKED, Word.NONE)
    ]
    sampler.model.taste = TasteModel(_taste_spread(sampler), choices) if choices else None
    sampler.model.taste_weight = taste_weight


def next_question(
    sampler: EffectSampler, pools: Mapping[int, Sequence[Option]], asked: Sequence[Question], random_seed: int
) -> Question | None:
    """Choose the question whose answer tells most, by what is believed now; None where no new one can be asked.

    On every seed the pictures of the `CONTENDERS` that may be best are looked at. The four are gathered one by one, by
    the mutual information between the answer and the person's taste. Their order is drawn from *random_seed*.
    """
    random = np.random.default_rng((random_seed, len(asked)))
    taste = sampler.model.taste or TasteModel(_taste_spread(sampler), [])
    drawn = taste.draw(random, _DRAWS)
    promise = _promises(sampler, pools)
    known = {(question.seed, question.pictures) for question in asked}
    used = [question.seed for question in asked]
    best: tuple[float, Question] | None = None
    for seed, pool in pools.items():
        options = sorted(pool, key=lambda option: -promise[option.params])[:CONTENDERS]
        at, told = _most_telling(_likings(sampler, options, drawn))
        question = Question(Purpose.SEARCH, seed, tuple(options[index] for index in random.permutation(at)))
        told /= 1 + used.count(seed)  # another seed tells of another picture's luck too
        is_new = len(at) > 1 and (seed, question.pictures) not in known
        if is_new and (best is None or told > best[0]):
            best = (told, question)
    return best[1] if best else None


def _taste_spread(sampler: EffectSampler) -> Matrix:
    """Say how large a taste for each feature may be: as large as its effect, and leaving one's own picture is none."""
    return np.minimum(sampler.prior.spread, MAIN_SPREAD)


def _promises(sampler: EffectSampler, pools: Mapping[int, Sequence[Option]]) -> dict[Params, float]:
    """Say how good every candidate shown in *pools* may well be: its mean and one standard deviation more."""
    options = list({option.params: option for pool in pools.values() for option in pool}.values())
    if not options:
        return {}
    features = _features(sampler, options)
    upper = features @ sampler.model.mean_weights()[:, 0] + sampler.model.spread_of(features)
    return {option.params: float(value) for option, value in zip(options, upper)}


def _likings(sampler: EffectSampler, options: Sequence[Option], drawn: Matrix) -> Matrix:
    """Return how each of the *drawn* persons would like each option, shape (draws, options)."""
    if not options:
        return np.zeros((len(drawn), 0))
    return np.asarray(drawn @ np.hstack([_scores(options)[:, None], _features(sampler, options)]).T)


def _most_telling(likings: Matrix) -> tuple[list[int], float]:
    """Gather up to four columns of *likings* greedily, and say how much their answer tells, in nats."""
    gathered: list[int] = []
    told = 0.0
    while len(gathered) < min(SHOWN_AT_ONCE, likings.shape[1]):
        others = [at for at in range(likings.shape[1]) if at not in gathered]
        if not gathered:
            pairs = [(one, two) for one in others for two in others if one < two]
            if not pairs:
                break
            worth = [_information(likings[:, list(pair)]) for pair in pairs]
            told, gathered = max(worth), list(pairs[int(np.argmax(worth))])
            continue
        worth = [_information(likings[:, [*gathered, at]]) for at in others]
        told = max(worth)
        gathered.append(others[int(np.argmax(worth))])
    return gathered, told


def _information(likings: Matrix) -> float:
    """Return the mutual information of the answer and the person, over persons that are drawn: shape (draws, n)."""
    chances = choice_chances(likings)
    return _entropy(chances.mean(axis=0)) - float(np.mean([_entropy(each) for each in chances]))


def _entropy(chances: Matrix) -> float:
    return -float(chances @ np.log(np.maximum(chances, 1e-12)))


def _features(sampler: EffectSampler, options: Sequence[Option]) -> Matrix:
    # Where nothing is said, a value is the user's own.
    return sampler.features.of(sampler.features.points([dict(option.params) for option in options]))


def _scores(options: Sequence[Option]) -> Matrix:
    return np.array([option.score for option in options], dtype=float)
