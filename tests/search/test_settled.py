"""When a search may end early."""

from dataclasses import replace
from pathlib import Path

import pytest

from counterprompt.errors import StoppedError
from counterprompt.generation.fake import FLAT_WORLD, FakeGenerator, FakeScorer
from counterprompt.search import settled
from counterprompt.search.plan import StudyPlan, plan_study
from counterprompt.search.space import space_for
from counterprompt.search.study import run_study
from counterprompt.search.surrogate.sampler import EffectSampler

SEEDS = tuple(range(8))


@pytest.fixture
def sampler(baseline, plan: StudyPlan) -> EffectSampler:
    """A sampler that has seen nothing."""
    return EffectSampler(plan.space, baseline, SEEDS, 0)


def _observe(sampler: EffectSampler, times: int) -> None:
    """Let it see candidates whose terms all do nothing, exactly so."""
    import numpy as np

    random = np.random.default_rng(1)
    for _ in range(times):
        point = np.array([random.choice(choices) for choices in sampler.landscape.choices])
        noise = random.normal(0, 0.2, len(SEEDS))
        sampler.observe(sampler.params_at(point), [[seed, value, *[0.0] * 5] for seed, value in zip(SEEDS, noise)])


def test_what_could_be_gained_falls_as_more_is_known(sampler: EffectSampler):
    """At first much seems possible; with hundreds of pictures that show nothing, hardly anything is."""
    before = settled.possible_gain(sampler, 0, 40)
    _observe(sampler, 60)

    assert before > 0.8 > 0.4 > settled.possible_gain(sampler, 0, 40) >= 0


def test_the_same_trials_say_the_same(sampler: EffectSampler):
    """A study that is resumed ends where it would have ended."""
    _observe(sampler, 10)

    assert settled.possible_gain(sampler, 3, 40) == settled.possible_gain(sampler, 3, 40)


@pytest.fixture
def patient_plan(baseline, layers, monkeypatch) -> StudyPlan:
    """A plan with far more pictures than its small space needs."""
    monkeypatch.setattr(settled, "WORTHWHILE", 0.6)
    return plan_study(baseline, space_for(baseline, layers[:1]), 400, stops_early=True)


def test_a_search_ends_when_nothing_moves(patient_plan: StudyPlan, tmp_path: Path):
    """Where nothing has any effect pictures are saved, and stay saved; without the rule none are."""
    generator = FakeGenerator(FLAT_WORLD, batch_size=4)
    outcome = run_study(patient_plan, generator, FakeScorer(), None, tmp_path / "early")
    whole = run_study(
        replace(patient_plan, stops_early=False), FakeGenerator(FLAT_WORLD), FakeScorer(), None, tmp_path / "whole"
    )

    assert outcome.saved > 20
    assert outcome.pictures <= 400 - outcome.saved
    assert (0, "no gain") == (whole.saved, outcome.verdict.value)
    assert len(outcome.history) % 10 == 0
    assert len(outcome.history) < len(whole.history)


def test_an_interrupted_search_ends_where_it_would_have(patient_plan: StudyPlan, stops_at, tmp_path: Path):
    """Stopped in the middle and resumed, the study has the same outcome."""
    expected = run_study(patient_plan, FakeGenerator(FLAT_WORLD), FakeScorer(), None, tmp_path / "whole")
    for pictures in (60, expected.pictures - 20):
        with pytest.raises(StoppedError):
            run_study(patient_plan, FakeGenerator(FLAT_WORLD), FakeScorer(), stops_at(pictures), tmp_path / "broken")

    assert expected == run_study(patient_plan, FakeGenerator(FLAT_WORLD), FakeScorer(), None, tmp_path / "broken")


def test_what_was_saved_is_told_again(patient_plan: StudyPlan, tmp_path: Path):
    """Run once more after its end a study says the same of what it saved, one with a limit in minutes too."""
    for name, minutes in (("pictures", None), ("minutes", 60.0)):
        plan = replace(patient_plan, minutes=minutes)
        first, again = (
            run_study(plan, FakeGenerator(FLAT_WORLD, batch_size=4), FakeScorer(), None, tmp_path / name)
            for _ in range(2)
        )

        assert first.saved > 20
        assert first == again
