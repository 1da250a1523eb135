"""From what the search believes to a proven challenger."""

from collections.abc import Callable
from dataclasses import replace

from counterprompt.generation.fake import FakeGenerator, FakeScorer
from counterprompt.search.challenge import Challenge, find_challenge
from counterprompt.search.evaluation import Evaluator
from counterprompt.search.outcome import NOT_VERIFIED
from counterprompt.search.plan import StudyPlan
from counterprompt.search.space import SearchSpace
from counterprompt.search.study import open_search


def _challenge(plan: StudyPlan, evaluator: Evaluator, folder, pictures: int) -> Challenge:
    objective, stage = open_search(plan, evaluator)
    stage.run(folder / "trials.journal", lambda: pictures)
    return find_challenge(plan, plan.picture_budget, stage.space, evaluator, objective, stage.sampler)


def test_the_proof_rests_on_held_out_seeds(plan: StudyPlan, make_evaluator: Callable[..., Evaluator], tmp_path):
    """The challenger is proven on all proof seeds and nothing else, with the effects of its pieces, within budget."""
    evaluator = make_evaluator(FakeGenerator(batch_size=2), FakeScorer())

    found = _challenge(plan, evaluator, tmp_path, plan.search_pictures)

    assert found.is_proven
    assert plan.proof_seeds == tuple(pair.seed for pair in found.held_out.pairs)
    assert found.effects
    assert evaluator.pictures <= plan.picture_budget


def test_without_a_candidate_nothing_is_proven(plan: StudyPlan, make_evaluator: Callable[..., Evaluator], tmp_path):
    """Where all that may be varied leaves the user's settings as they are, no proof seed is drawn."""
    bare = replace(plan.baseline, negative_prompt="")
    bound = replace(plan, baseline=bare, space=SearchSpace(cfg_range=(bare.cfg_scale, bare.cfg_scale + 0.04)))
    evaluator = make_evaluator(FakeGenerator(), FakeScorer()).beside(bare)

    found = _challenge(bound, evaluator, tmp_path, bound.search_pictures)

    assert (None, NOT_VERIFIED, False) == (found.candidate, found.held_out, found.is_proven)
    assert len(bound.search_seeds) == evaluator.pictures
