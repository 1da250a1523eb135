"""When the layers of the leading candidate act."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from counterprompt.generation.fake import FLAT_WORLD, FakeGenerator, FakeScorer, FakeWorld
from counterprompt.negative.layers import NegativeLayer
from counterprompt.ports import GenerationRequest
from counterprompt.search.candidate import Candidate
from counterprompt.search.evaluation import Evaluator
from counterprompt.search.objective import Objective
from counterprompt.search.plan import plan_study
from counterprompt.search.recipe_layers import layers_of
from counterprompt.search.space import space_for
from counterprompt.search.study import run_study
from counterprompt.search.timing import time_layers

LEADER = Candidate(True, (NegativeLayer("base", ("blurry", "grainy"), 1.2), NegativeLayer("style", ("watermark",))))
SEEDS = range(12)


@dataclass(frozen=True)
class StiffWorld(FakeWorld):
    """Where negative words that act to the last step cost one point."""

    defects: tuple[tuple[str, float], ...] = (("blurry", 0.5),)

    def quality(self, request: GenerationRequest) -> float:
        """Add a point where the words end early."""
        return super().quality(request) + (1.0 if "::0.6]" in request.negative_prompt else 0.0)


@pytest.fixture
def timed(make_evaluator: Callable[..., Evaluator], objective: Objective):
    """Time the leader in a world within so many pictures; return evaluator, candidate and what was tried."""

    def run(world: FakeWorld, limit: int, candidate: Candidate = LEADER):
        evaluator = make_evaluator(FakeGenerator(world), FakeScorer())
        return evaluator, *time_layers(evaluator, objective, candidate, SEEDS, limit)

    return run


def test_what_helps_is_taken(timed):
    """Where ending early helps every layer ends early, rendered with its emphasis; the user's own text stays."""
    evaluator, candidate, tried = timed(StiffWorld(), 100)

    assert "painting, [(blurry, grainy:1.2)::0.6], [watermark::0.6]" == candidate.negative_text(evaluator.baseline)
    assert [(0.2, None, False), (None, 0.6, True)] == [(each.start, each.stop, each.is_used) for each in tried]
    assert tried[1].ci95[0] > 0


def test_what_does_not_help_is_left_alone(timed):
    """Where nothing makes a difference the candidate stays as it is, nearly always, and what was tried is told."""
    _, candidate, tried = timed(FLAT_WORLD, 100)

    assert LEADER == candidate
    assert not any(each.is_used for each in tried)
    assert all(each.seeds >= 4 for each in tried)


def test_the_pictures_are_kept_to(timed):
    """With room for one block of one variant no more is drawn; without layers nothing is."""
    evaluator, _, tried = timed(StiffWorld(), 13)

    assert (1, 12) == (len(tried), evaluator.pictures)
    assert () == timed(StiffWorld(), 100, Candidate(cfg_scale=8.0))[2]


def test_a_study_may_try_them(tmp_path):
    """Within the budget the winner of such a world ends early, the outcome tells it, and a recipe reads it back."""
    baseline = GenerationRequest("a house", "", 7, width=32, height=32)
    space = space_for(baseline, [NegativeLayer("base", ("blurry", "low quality"))])
    plan = plan_study(baseline, space, 240, tries_schedules=True)
    outcome = run_study(plan, FakeGenerator(StiffWorld()), FakeScorer(), None, tmp_path)

    assert "::0.6]" in outcome.winner.negative_prompt
    assert outcome.pictures <= 240
    assert {0.6} == {layer.stop for layer in layers_of(outcome.winner.negative_prompt, plan)}
    assert True in [each["is_used"] for each in outcome.to_json()["timings"]]


def test_pictures_are_set_aside_where_it_is_wished_for(baseline: GenerationRequest, layers):
    """Two for every search seed, from a budget of 120 on."""
    wished, usual, small = (
        plan_study(baseline, space_for(baseline, layers), budget, tries_schedules=tries)
        for budget, tries in ((240, True), (240, False), (100, True))
    )

    assert 2 * len(wished.search_seeds) == usual.search_pictures - wished.search_pictures
    assert 0 == small.timing_pictures
