"""Plans: how a budget is split, and what is refused."""

from dataclasses import replace

import pytest

from counterprompt.errors import InvalidInputError
from counterprompt.ports import GenerationRequest
from counterprompt.search.plan import StudyPlan, plan_study
from counterprompt.search.space import SearchSpace


@pytest.mark.parametrize(
    ("budget", "searched", "proven"), [(40, 20, 8), (100, 64, 16), (240, 112, 44), (400, 204, 64), (2000, 1624, 64)]
)
def test_the_budget_is_split(baseline: GenerationRequest, budget: int, searched: int, proven: int):
    """Search and proof get the shares of the table."""
    plan = plan_study(baseline, SearchSpace(), budget)

    assert (searched, proven) == (plan.search_pictures, len(plan.proof_seeds))


@pytest.mark.parametrize(
    ("budget", "cfg_range", "frozen"), [(240, (4.0, 10.0), 14), (240, None, 0), (100, (4.0, 10.0), 0)]
)
def test_some_pictures_are_kept_for_the_share_of_cfg(baseline: GenerationRequest, budget: int, cfg_range, frozen: int):
    """Where CFG is varied and the budget is no small one, every third proof seed has a picture set aside."""
    plan = plan_study(baseline, SearchSpace(cfg_range=cfg_range), budget)
    without = plan_study(baseline, SearchSpace(), budget)

    assert (frozen, without.search_pictures - frozen) == (plan.frozen_pictures, plan.search_pictures)


def test_held_out_seeds_are_new(plan: StudyPlan):
    """The user's own seed is the first, and no seed is used in two stages."""
    seeds = plan.search_seeds + plan.proof_seeds

    assert 7 == seeds[0]
    assert len(seeds) == len(set(seeds))


def test_the_caller_may_ask_for_more_seeds(baseline: GenerationRequest):
    """With 400 pictures sixty-four fresh seeds and twelve search seeds fit."""
    plan = plan_study(baseline, SearchSpace(), 400, proof_seeds=64, search_seeds=12)

    assert (64, 12) == (len(plan.proof_seeds), len(plan.search_seeds))


@pytest.mark.parametrize(("budget", "proof_seeds", "message"), [(39, None, "at least 40"), (100, 60, "give at least")])
def test_a_budget_too_small_is_refused(baseline: GenerationRequest, budget: int, proof_seeds: int, message: str):
    """The message names the smallest budget that would do."""
    with pytest.raises(InvalidInputError, match=message):
        plan_study(baseline, SearchSpace(), budget, proof_seeds=proof_seeds)


def test_a_seed_used_twice_is_refused(plan: StudyPlan):
    """A plan whose proof seeds were searched on is refused."""
    with pytest.raises(InvalidInputError, match="twice"):
        replace(plan, proof_seeds=plan.search_seeds)
