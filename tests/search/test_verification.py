"""Verification on held-out seeds."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from counterprompt.generation.fake import FLAT_WORLD, FakeGenerator, FakeScorer
from counterprompt.negative.layers import NegativeLayer
from counterprompt.search.candidate import BASELINE, Candidate
from counterprompt.search.evaluation import Evaluator
from counterprompt.search.objective import ComponentDeltas, Objective
from counterprompt.search.trials import SearchTrial
from counterprompt.search.verification import Verdict, choose, finalists, verify

GOOD = Candidate(False, (NegativeLayer("base", ("blurry", "watermark")),), (("style", 0.7),), 8.0)
BAD = Candidate(False, (NegativeLayer("style", ("painting",)),), (("style", 1.2),), 4.0)


@pytest.fixture
def evaluator(make_evaluator: Callable[..., Evaluator]) -> Evaluator:
    """An evaluator over the default world."""
    return make_evaluator(FakeGenerator(), FakeScorer())


def test_a_true_gain_is_proven(evaluator: Evaluator, objective: Objective):
    """A candidate near the optimum has an interval above zero, kept pictures, and fewer defects."""
    held_out = verify(evaluator, objective, GOOD, range(100, 124))

    assert Verdict.GAIN is held_out.verdict
    assert held_out.ci95[0] < held_out.gain < held_out.ci95[1]
    assert held_out.win_rate > 0.7
    assert list(range(100, 124)) == [pair.seed for pair in held_out.pairs]
    assert 24 == len(evaluator.kept_pictures(GOOD, range(100, 124)))
    blurry = next(row for row in held_out.artifacts if row[0] == "blurry")
    assert blurry[1] > blurry[2]


def test_a_loss_is_no_gain(evaluator: Evaluator, objective: Objective):
    """A candidate that is worse is called no gain."""
    held_out = verify(evaluator, objective, BAD, range(100, 112))

    assert (Verdict.NO_GAIN, True) == (held_out.verdict, held_out.gain < 0)


def test_a_broken_guard_is_no_gain(evaluator: Evaluator, objective: Objective):
    """However high the gain, clipped pictures are refused."""
    harsh = verify(evaluator, objective, replace(GOOD, cfg_scale=15.0), range(100, 108))

    assert ("clipped", "saturation") == harsh.broken_guards
    assert Verdict.NO_GAIN is replace(harsh, ci95=(0.5, 1.0)).verdict


def test_nothing_gained_is_seldom_claimed(make_evaluator: Callable[..., Evaluator], objective: Objective):
    """Where nothing makes a difference, at most two of twenty verifications find a gain."""
    evaluator = make_evaluator(FakeGenerator(FLAT_WORLD), FakeScorer())
    candidates = [Candidate(cfg_scale=6.1 + 0.1 * n) for n in range(20)]

    verdicts = [verify(evaluator, objective, each, range(100, 112)).verdict for each in candidates]

    assert verdicts.count(Verdict.GAIN) <= 2


def test_the_best_survives_the_halving(evaluator: Evaluator, objective: Objective):
    """Among finalists the best is chosen, and those beaten on the first half are spared the second."""
    chosen = choose(evaluator, objective, [BAD, GOOD, replace(BAD, cfg_scale=4.5)], range(8))

    assert chosen is not None
    assert (GOOD, True) == (chosen[0], chosen[1] > 0)
    assert 8 + 3 * 4 + 2 * 4 == evaluator.pictures
    assert choose(evaluator, objective, [], range(8)) is None


def test_finalists_are_complete_and_different(evaluator: Evaluator):
    """Of trials on all seeds the best are taken, each request once, the baseline never."""

    def trial(number: int, candidate: Candidate, value: float, seeds: int = 2) -> SearchTrial:
        return SearchTrial(number, candidate, {}, (ComponentDeltas(0, 0, 0, 0, value),) * seeds, number)

    trials = [trial(0, BASELINE, 0.0), trial(1, BAD, -1.0), trial(2, GOOD, 1.0), trial(3, GOOD, 0.9)]
    trials.append(trial(4, replace(GOOD, cfg_scale=7.0), 5.0, seeds=1))

    assert [GOOD, BAD] == finalists(trials, 2, 3, evaluator)
