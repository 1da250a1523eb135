"""Finalists, and which of them becomes the challenger."""

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace

import pytest

from counterprompt.generation.fake import FakeGenerator, FakeScorer, FakeWorld
from counterprompt.negative.layers import NegativeLayer
from counterprompt.ports import GenerationRequest, Scores, SilentProgress
from counterprompt.search.choice import choose, nominate
from counterprompt.search.evaluation import Evaluator
from counterprompt.search.objective import Objective, pictures_of
from counterprompt.search.record import ScoreRecord
from counterprompt.search.space import SearchSpace
from counterprompt.search.surrogate.sampler import EffectSampler

SPACE = SearchSpace(
    (NegativeLayer("base", ("blurry", "watermark", "painting")),), cfg_range=(3.0, 15.0), single_terms=True
)
SEEDS = tuple(range(8))
GOOD = {"own": 0, "layer:base": 1, "term:blurry": 1, "term:watermark": 1, "term:painting": 0, "cfg_scale": 8.0}
BAD = {**GOOD, "own": 1, "term:painting": 1, "cfg_scale": 4.0}
HARSH = {**GOOD, "cfg_scale": 15.0}
SHORT = {**GOOD, "term:watermark": 0}


@pytest.fixture
def evaluator(make_evaluator: Callable[..., Evaluator]) -> Evaluator:
    """An evaluator over the default world."""
    return make_evaluator(FakeGenerator(), FakeScorer())


@pytest.fixture
def sampler(evaluator: Evaluator, objective: Objective, baseline) -> EffectSampler:
    """A sampler that saw a good, a bad and a harsh candidate."""
    sampler = EffectSampler(SPACE, baseline, SEEDS, 0)
    for params in (GOOD, BAD, HARSH):
        deltas = evaluator.deltas(objective, SPACE.compose(params, baseline), SEEDS, "search")
        sampler.observe(params, pictures_of(SEEDS, deltas))
    return sampler


def test_finalists_are_different_and_never_the_baseline(sampler: EffectSampler, evaluator: Evaluator, baseline):
    """Each nominee renders to another request, and none to the user's own settings."""
    named = nominate(sampler, SPACE, evaluator, 9)
    keys = {evaluator.request_key(SPACE.compose(params, baseline)) for params in named}

    assert len(named) == len(keys) >= 2
    assert (baseline.prompt, baseline.negative_prompt, baseline.cfg_scale) not in keys


def _looks(sampler: EffectSampler, params: Sequence[dict[str, float]]) -> list[bytes]:
    return [sampler.features.look(point) for point in sampler.features.points(params)]


def test_emphasis_alone_makes_no_other_finalist(sampler: EffectSampler, evaluator: Evaluator, objective: Objective):
    """Candidates that differ in emphasis only are named once; once one ran, another emphasis of it may follow."""
    stressed = [{**GOOD, "emphasis:base": emphasis} for emphasis in (0.9, 1.1, 1.3)]
    for params in stressed:
        deltas = evaluator.deltas(objective, SPACE.compose(params, evaluator.baseline), SEEDS, "search")
        sampler.observe(params, pictures_of(SEEDS, deltas))
    looks = _looks(sampler, [*stressed, GOOD])
    named = nominate(sampler, SPACE, evaluator, 9)
    seen = _looks(sampler, named)
    ran = [SPACE.compose(each, evaluator.baseline) for each, look in zip(named, seen) if look == looks[0]]

    assert 1 == len(set(looks))
    assert len(seen) == len(set(seen))
    assert looks[0] in _looks(sampler, nominate(sampler, SPACE, evaluator, 9, ran))


def test_what_ran_is_not_named_again(sampler: EffectSampler, evaluator: Evaluator, baseline):
    """A candidate whose request is one that ran is none of the further ones, whatever its exact parameters."""
    ran = [SPACE.compose(each, baseline) for each in ({**GOOD, "cfg_scale": 8.04}, {**HARSH, "cfg_scale": 14.99})]
    keys = {evaluator.request_key(each) for each in ran}
    named = nominate(sampler, SPACE, evaluator, 9, ran)

    assert not keys & {evaluator.request_key(SPACE.compose(params, baseline)) for params in named}


def test_the_best_is_chosen(sampler: EffectSampler, evaluator: Evaluator, objective: Objective):
    """The challenger negates what helps, leaves the user's harmful text out and breaks no guard."""
    chosen = choose(sampler, SPACE, evaluator, objective, SEEDS, 3)

    assert chosen is not None
    assert (0, 1, 1) == (chosen.params["own"], chosen.params["term:blurry"], chosen.params["term:watermark"])
    assert (True, False) == (chosen.value > 0, chosen.breaks_guard)


@dataclass(frozen=True)
class Spoils(FakeWorld):
    """The default world, in which pictures by certain settings show nothing of what was asked for."""

    spoiled: tuple[str, float] = ("", 0.0)

    def scores(self, request: GenerationRequest) -> Scores:
        """Return the scores, without any fidelity where the settings are the spoiled ones."""
        found = super().scores(request)
        return replace(found, fidelity=0.0) if _settings(request) == self.spoiled else found


def _settings(request: GenerationRequest) -> tuple[str, float]:
    return request.negative_prompt, request.cfg_scale


@pytest.mark.parametrize(("picture_limit", "is_spoiled"), [(0, True), (1000, False)])
def test_others_follow_while_every_finalist_breaks_a_guard(
    sampler: EffectSampler, evaluator: Evaluator, objective: Objective, tmp_path, picture_limit: int, is_spoiled: bool
):
    """Where the only finalist spoils something the next best one runs too, if the study has pictures for it."""
    baseline = evaluator.baseline
    deltas = evaluator.deltas(objective, SPACE.compose(SHORT, baseline), SEEDS, "search")
    sampler.observe(SHORT, pictures_of(SEEDS, deltas))
    first = _settings(SPACE.compose(nominate(sampler, SPACE, evaluator, 1)[0], baseline).render(baseline, 0))
    (tmp_path / "other").mkdir()
    generator, scorer = FakeGenerator(Spoils(spoiled=first)), FakeScorer()
    with closing(ScoreRecord(tmp_path / "other", scorer.name)) as record:
        other = Evaluator(baseline, generator, scorer, record, SilentProgress(), 1000)
        chosen = choose(sampler, SPACE, other, objective, SEEDS, 1, picture_limit)

    assert chosen is not None
    assert is_spoiled == chosen.breaks_guard
    assert is_spoiled == (first == _settings(chosen.candidate.render(baseline, 0)))
