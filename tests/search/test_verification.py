"""Verification on held-out seeds."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from counterprompt.generation.fake import FLAT_WORLD, FakeGenerator, FakeScorer
from counterprompt.negative.layers import NegativeLayer
from counterprompt.search.candidate import BASELINE, Candidate
from counterprompt.search.evaluation import Evaluator
from counterprompt.search.luck import BaselineLuck
from counterprompt.search.objective import Objective
from counterprompt.search.verification import Verdict, verify

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


def test_the_luck_of_the_seeds_is_taken_off(evaluator: Evaluator, objective: Objective):
    """Where the baseline does better elsewhere, the gain is smaller by the part of that luck that is made up for."""
    plain = verify(evaluator, objective, GOOD, range(100, 112))
    levels = [objective.level(own) for own in evaluator.recorded_scores(BASELINE, range(100, 112))]
    better = BaselineLuck(tuple(level + 0.4 for level in levels), 0.5)

    steadied = verify(evaluator, objective, GOOD, range(100, 112), better)

    assert 0.25 == better.reach(12)
    assert 0.1 == pytest.approx(steadied.luck) == pytest.approx(plain.gain - steadied.gain)
    assert 0.0 == plain.luck


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
