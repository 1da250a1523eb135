"""Fixed negatives beside the winner."""

from __future__ import annotations

from dataclasses import replace
from statistics import fmean
from typing import TYPE_CHECKING

import pytest

from counterprompt.generation.fake import FakeGenerator, FakeScorer
from counterprompt.negative.layers import NegativeLayer
from counterprompt.ports import GenerationRequest, SilentProgress
from counterprompt.report.controls import measure_controls
from counterprompt.search.candidate import Candidate
from counterprompt.search.outcome import NOT_VERIFIED
from counterprompt.search.plan import plan_study
from counterprompt.search.space import space_for
from counterprompt.search.verification import SeedPair

if TYPE_CHECKING:
    from pathlib import Path

    from counterprompt.ports import Scores
    from counterprompt.search.verification import HeldOut

BASELINE = GenerationRequest("a house", "painting", 7, width=32, height=32)


def _scores(request: GenerationRequest, seeds: tuple[int, ...]) -> list[Scores]:
    images = FakeGenerator().generate([replace(request, seed=seed) for seed in seeds])
    return FakeScorer().score(images, request.prompt)


def _proof_on(seeds: tuple[int, ...]) -> HeldOut:
    return replace(NOT_VERIFIED, pairs=tuple(SeedPair(seed, NOT_VERIFIED.components, "", "") for seed in seeds))


def test_controls_are_told_in_the_units_of_the_proof(tmp_path: Path) -> None:
    """Search and held-out seeds together give the spread, as for the winner beside them: the search's alone are few."""
    plan = plan_study(BASELINE, space_for(BASELINE, [NegativeLayer("base", ("blurry",))]), 60)
    controls, pictures = measure_controls(
        plan, [_proof_on(plan.proof_seeds)], FakeGenerator(), FakeScorer(), SilentProgress(), tmp_path
    )
    empty = Candidate(keeps_own=False).render(BASELINE, 0)
    own, bare = _scores(BASELINE, plan.proof_seeds), _scores(empty, plan.proof_seeds)
    objective = plan.objective_over([*_scores(BASELINE, plan.search_seeds), *own])
    few = plan.objective_over(_scores(BASELINE, plan.search_seeds))

    expected, otherwise = (
        fmean(units.delta(one, other).total for one, other in zip(bare, own)) for units in (objective, few)
    )

    assert ["Empty negative", "Popular negative"] == [control.name for control in controls]
    assert pytest.approx(expected) == controls[0].gain
    assert abs(expected - otherwise) > 0.01
    assert 2 * len(plan.proof_seeds) == pictures
