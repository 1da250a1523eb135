"""How much of a gain is guidance."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from counterprompt.generation.fake import FakeGenerator, FakeScorer
from counterprompt.negative.layers import NegativeLayer
from counterprompt.search.candidate import Candidate
from counterprompt.search.evaluation import Evaluator
from counterprompt.search.frozen_cfg import FrozenCfg, measure_frozen_cfg
from counterprompt.search.objective import Objective
from counterprompt.search.outcome import Outcome
from counterprompt.search.verification import verify

WORDS = NegativeLayer("base", ("blurry", "watermark"))
SEEDS = range(100, 112)


@pytest.fixture
def measure(make_evaluator: Callable[..., Evaluator], objective: Objective) -> Callable[..., FrozenCfg | None]:
    """Prove a candidate and measure it with the user's CFG scale of 6, within so many pictures more."""

    def prove(candidate: Candidate, room: int) -> FrozenCfg | None:
        evaluator = make_evaluator(FakeGenerator(), FakeScorer())
        verify(evaluator, objective, candidate, SEEDS)
        return measure_frozen_cfg(evaluator, objective, candidate, SEEDS, evaluator.pictures + room)

    return prove


def test_a_gain_by_words_stays(measure: Callable[..., FrozenCfg | None]):
    """Where words cure and guidance only moves from 6 to 6.2, as good as all of the gain is left without it."""
    found = measure(Candidate(False, (WORDS,), (), 6.2), 12)

    assert found is not None
    assert (6.0, 12) == (found.cfg_scale, found.seeds)
    assert found.ci95[0] > 0
    assert found.cfg_ci95[0] < 0 < found.cfg_ci95[1]


def test_a_gain_by_guidance_is_told_apart(make_evaluator: Callable[..., Evaluator], objective: Objective):
    """Where guidance alone moves, from 3 to 8, nothing is left without it, and it adds all there is."""
    evaluator = make_evaluator(FakeGenerator(), FakeScorer())
    evaluator.baseline = replace(evaluator.baseline, cfg_scale=3.0)
    candidate = Candidate(cfg_scale=8.0)
    held_out = verify(evaluator, objective, candidate, SEEDS)
    found = measure_frozen_cfg(evaluator, objective, candidate, SEEDS, 100)

    assert found is not None
    assert (0.0, pytest.approx(held_out.gain)) == (found.gain, found.cfg_gain)


def test_what_the_budget_leaves_is_used(measure: Callable[..., FrozenCfg | None]):
    """With room for five pictures five seeds are drawn; with room for three nothing is, for it would tell nothing."""
    candidate = Candidate(False, (WORDS,), (), 8.0)
    five = measure(candidate, 5)

    assert five is not None
    assert 5 == five.seeds


@pytest.mark.parametrize(("candidate", "room"), [(Candidate(False, (WORDS,), (), 8.0), 3), (Candidate(False), 12)])
def test_nothing_is_measured_in_vain(measure: Callable[..., FrozenCfg | None], candidate: Candidate, room: int):
    """Without room for four seeds, or where the CFG scale is the user's own anyway, there is nothing to tell."""
    assert measure(candidate, room) is None


def test_the_outcome_holds_it(finished_with_cfg: Outcome):
    """A whole study whose winner moves guidance tells the share of it, in JSON too."""
    found = finished_with_cfg.frozen_cfg

    assert found is not None
    assert found.gain + found.cfg_gain == pytest.approx(found.winner_gain)
    assert {"cfg_scale": 5.0, "seeds": found.seeds}.items() <= finished_with_cfg.to_json()["frozen_cfg"].items()
    assert finished_with_cfg.pictures <= 160


@pytest.fixture(scope="module")
def finished_with_cfg(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """A study of 160 pictures from a CFG scale of 5, whose best is 8."""
    from counterprompt.ports import GenerationRequest
    from counterprompt.search.plan import plan_study
    from counterprompt.search.space import space_for
    from counterprompt.search.study import run_study

    baseline = GenerationRequest("a house", "", 7, cfg_scale=5.0, width=32, height=32)
    plan = plan_study(baseline, space_for(baseline, [WORDS]), 160)
    return run_study(plan, FakeGenerator(), FakeScorer(), None, tmp_path_factory.mktemp("study") / "one")
