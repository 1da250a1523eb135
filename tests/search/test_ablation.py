"""Dropping what does not carry its weight."""

from collections.abc import Callable, Sequence

import pytest

from counterprompt.generation.fake import FakeGenerator, FakeScorer, FakeWorld
from counterprompt.negative.layers import NegativeLayer
from counterprompt.ports import GenerationRequest
from counterprompt.search.ablation import SEEDS_AT_ONCE, shorten
from counterprompt.search.candidate import BASELINE
from counterprompt.search.evaluation import Evaluator
from counterprompt.search.objective import Objective, pictures_of
from counterprompt.search.source import Measured
from counterprompt.search.space import SearchSpace
from counterprompt.search.surrogate.expectations import expected_reliefs, own_luck
from counterprompt.search.surrogate.sampler import EffectSampler

QUIET = FakeWorld(noise=0.0, seed_spread=0.1, shared_luck=1.0)
SPACE = SearchSpace((NegativeLayer("base", ("blurry", "grainy", "word")),), single_terms=True)
WINNER = {"own": 1, "layer:base": 1, "term:blurry": 1, "term:grainy": 1, "term:word": 1}
SEEDS = tuple(range(12))


@pytest.fixture
def evaluator(make_evaluator: Callable[..., Evaluator]) -> Evaluator:
    """An evaluator over a world with little noise."""
    return make_evaluator(FakeGenerator(QUIET), FakeScorer())


def _sampler(evaluator: Evaluator, objective: Objective, baseline: GenerationRequest) -> EffectSampler:
    """Return one that knows of the baseline's pictures what a search does."""
    own = evaluator.scores(BASELINE, SEEDS, "search")
    return EffectSampler(SPACE, baseline, SEEDS, 0, expected_reliefs(own, objective), own_luck(SEEDS, own, objective))


def test_only_what_helps_is_left(evaluator: Evaluator, objective: Objective, baseline):
    """Useless and harmful terms and the user's harmful text go; the one term that helps stays."""
    sampler = _sampler(evaluator, objective, baseline)
    deltas = evaluator.deltas(objective, SPACE.compose(WINNER, baseline), SEEDS, "choice")
    sampler.observe(WINNER, pictures_of(SEEDS, deltas))
    shorter = shorten(sampler, SPACE, evaluator, objective, WINNER, SEEDS, picture_limit=1000)

    assert "blurry" == SPACE.compose(shorter, baseline).negative_text(baseline)


class _FourWorkers(FakeGenerator):
    """Four workers at a distance: what was ordered comes in together, a round at a time."""

    room = 4

    def __init__(self) -> None:
        super().__init__(QUIET)
        self._ordered: list[GenerationRequest] = []
        self.rounds: list[int] = []

    def submit(self, requests: Sequence[GenerationRequest], keep: bool) -> None:
        """Take an order."""
        self._ordered += requests

    def collect(self) -> list[Measured]:
        """Hand in all that was ordered."""
        requests, self._ordered = self._ordered, []
        self.rounds.append(len(requests))
        return [Measured((each,), tuple(FakeScorer().score(self.generate([each]), each.prompt))) for each in requests]


def test_no_worker_waits_for_the_one_that_draws_the_first_shorter_candidate(
    make_evaluator: Callable[..., Evaluator], objective: Objective, baseline
):
    """Where workers draw, several shorter candidates are drawn beside each other, still within the limit."""
    workers = _FourWorkers()
    evaluator = make_evaluator(workers, FakeScorer())
    sampler = _sampler(evaluator, objective, baseline)
    deltas = evaluator.deltas(objective, SPACE.compose(WINNER, baseline), SEEDS, "choice")
    sampler.observe(WINNER, pictures_of(SEEDS, deltas))
    workers.rounds.clear()
    shorter = shorten(sampler, SPACE, evaluator, objective, WINNER, SEEDS, evaluator.pictures + 80)

    assert "blurry" == SPACE.compose(shorter, baseline).negative_text(baseline)
    assert max(workers.rounds) >= 2 * SEEDS_AT_ONCE
    assert sum(workers.rounds) <= 80


def test_the_limit_is_kept(evaluator: Evaluator, objective: Objective, baseline):
    """With no pictures left nothing is drawn."""
    sampler = EffectSampler(SPACE, baseline, SEEDS, 0)
    shorten(sampler, SPACE, evaluator, objective, WINNER, SEEDS, picture_limit=0)

    assert 0 == evaluator.pictures
