"""The usual advice, checked."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import pytest

from counterprompt.negative.layers import NegativeLayer
from counterprompt.ports import GenerationRequest
from counterprompt.report.content import Control
from counterprompt.report.rule_findings import rule_findings
from counterprompt.search.plan import StudyPlan, plan_study
from counterprompt.search.space import SearchSpace
from counterprompt.search.verification import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable

    from counterprompt.search.outcome import Outcome

    Ended = Callable[..., Outcome]

TEN = "ugly, b, c, d, e, f, g, h, i, j"


class Piece(NamedTuple):
    """What the search says of one piece."""

    name: str
    effect: float
    standard_error: float
    is_used: bool = True


@pytest.fixture
def plan() -> StudyPlan:
    """A study of a cat with the base words on offer."""
    baseline = GenerationRequest("a cat <lora:x:0.95>", "", 1)
    return plan_study(baseline, SearchSpace((NegativeLayer("base", ("blurry", "noisy")),), cfg_range=(4, 9)), 240)


def told(outcome: Outcome, plan: StudyPlan, *controls: Control) -> dict[str, tuple[bool, str]]:
    """Return each finding by its rule."""
    return {each.rule_id: (each.agrees, each.here) for each in rule_findings(outcome, plan, controls)}


def test_a_higher_cfg_under_a_long_negative_overrules_the_advice(ended: Ended, plan: StudyPlan) -> None:
    """Where the figures are sure of it, it is said; the usual range holds."""
    found = told(ended(TEN, 8.5, 0.95, Piece("cfg_scale", 0.5, 0.1)), plan)

    assert (False, "Here, with 10 terms, 8.5 instead of 7 was better.") == found["R-CFG-LONG"]
    assert (True, "Here 8.5 was better.") == found["R-CFG-USUAL"]


def test_what_is_not_certain_is_not_sold_as_found(ended: Ended, plan: StudyPlan) -> None:
    """A value of the winner whose own effect may be nothing is told as such."""
    found = told(ended("ugly", 5.0, 0.95, Piece("cfg_scale", 0.1, 0.1)), plan)

    assert not found["R-CFG-USUAL"][0]
    assert "not certain" in found["R-CFG-USUAL"][1]


def test_words_and_loras_are_checked(ended: Ended, plan: StudyPlan) -> None:
    """Base words, structure words and a LoRA's weight are each held against the rule."""
    found = told(ended("blurry", 7.0, 0.7, Piece("lora:x", 0.5, 0.1)), plan)

    assert (True, "Here blurry earned a place.") == found["R-BASE-ALWAYS"]
    assert (False, "Here none of them earned a place.") == found["R-STRUCTURE"]
    assert (True, "Here x at 0.7 instead of 0.95 was better.") == found["R-LORA-SPILL"]


def test_without_a_gain_only_controls_are_told(ended: Ended, plan: StudyPlan) -> None:
    """Nothing is overruled by a candidate that was not proven."""
    outcome = replace(ended("blurry", 5.0), verdict=Verdict.NO_GAIN)
    controls = (Control("Empty negative", "", 0.5, (0.2, 0.8)), Control("Popular negative", "x", -0.5, (-0.8, -0.2)))

    found = told(outcome, plan, *controls)

    assert {"R-NEVER-EMPTY", "R-POPULAR"} == set(found)
    assert not found["R-NEVER-EMPTY"][0]
    assert "better than your settings" in found["R-NEVER-EMPTY"][1]
    assert "worse than your settings" in found["R-POPULAR"][1]
