"""The search over Optuna trials."""

from collections.abc import Callable

import pytest

from counterprompt.generation.fake import FakeGenerator, FakeScorer
from counterprompt.search.candidate import BASELINE
from counterprompt.search.evaluation import Evaluator
from counterprompt.search.objective import Objective
from counterprompt.search.plan import StudyPlan
from counterprompt.search.trial_file import open_optuna_study
from counterprompt.search.trials import SEEDS_PER_TRIAL, SearchStage, SearchTrial


def _run(plan: StudyPlan, evaluator: Evaluator, objective: Objective, folder, limit: int) -> list[SearchTrial]:
    stage = SearchStage(evaluator, objective, plan.space, plan.search_seeds, plan.search_seed)
    return stage.run(folder / "trials.journal", lambda: limit)


@pytest.fixture
def evaluator(make_evaluator: Callable[..., Evaluator]) -> Evaluator:
    """An evaluator over the default world."""
    return make_evaluator(FakeGenerator(batch_size=2), FakeScorer())


def test_trial_0_is_the_baseline(plan: StudyPlan, evaluator: Evaluator, objective: Objective, tmp_path):
    """The first trial is the user's own settings on all seeds, worth zero, and stays in Optuna's study."""
    trials = _run(plan, evaluator, objective, tmp_path, 24)

    assert (0, BASELINE, 0.0, len(plan.search_seeds)) == (
        trials[0].number,
        trials[0].candidate,
        trials[0].value,
        len(trials[0].deltas),
    )
    kept = open_optuna_study(tmp_path / "trials.journal").trials
    assert [trial.value for trial in trials] == [trial.value for trial in kept]
    assert 0.0 == kept[0].user_attrs["components"]["artifacts"]


def test_the_limit_is_kept(plan: StudyPlan, evaluator: Evaluator, objective: Objective, tmp_path):
    """No trial starts that could go beyond the limit."""
    _run(plan, evaluator, objective, tmp_path, 30)

    assert 30 - SEEDS_PER_TRIAL <= evaluator.pictures <= 30


def test_a_candidate_gets_two_seeds_at_a_time(plan: StudyPlan, evaluator: Evaluator, objective: Objective, tmp_path):
    """Each trial after the baseline runs on two seeds, and one that returns runs on further ones."""
    trials = _run(plan, evaluator, objective, tmp_path, 60)
    ran: dict[tuple, list[int]] = {}
    for trial in trials[1:]:
        ran.setdefault(evaluator.request_key(trial.candidate), []).extend(trial.seeds)

    assert {SEEDS_PER_TRIAL} == {len(trial.deltas) for trial in trials[1:]}
    assert all(len(set(seeds)) == min(len(seeds), len(plan.search_seeds)) for seeds in ran.values())


def test_a_second_run_replays(plan: StudyPlan, evaluator: Evaluator, objective: Objective, make_evaluator, tmp_path):
    """Trials already in the database are not run again, and further ones follow."""
    first = _run(plan, evaluator, objective, tmp_path, 20)
    generator = FakeGenerator(batch_size=2)

    second = _run(plan, make_evaluator(generator, FakeScorer()), objective, tmp_path, 32)

    assert first == second[: len(first)]
    assert len(second) > len(first)
    assert generator.pictures <= 12
