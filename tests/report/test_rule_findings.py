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
FIGURES = "+0.50 σ, 95 % interval +0.30 to +0.70"


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

    assert (False, f"Here, with 10 terms, 8.5 instead of 7 was better ({FIGURES}).") == found["R-CFG-LONG"]
    assert (True, f"Here 8.5 was better ({FIGURES}).") == found["R-CFG-USUAL"]


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
    assert (True, f"Here x at 0.7 instead of 0.95 was better ({FIGURES}).") == found["R-LORA-SPILL"]


def test_without_a_gain_only_controls_are_told(ended: Ended, plan: StudyPlan) -> None:
    """Nothing is overruled by a candidate that was not proven."""
    outcome = replace(ended("blurry", 5.0), verdict=Verdict.NO_GAIN)
    controls = (Control("Empty negative", "", 0.5, (0.2, 0.8)), Control("Popular negative", "x", -0.5, (-0.8, -0.2)))

    found = told(outcome, plan, *controls)

    assert {"R-NEVER-EMPTY", "R-POPULAR"} == set(found)
    assert not found["R-NEVER-EMPTY"][0]
    assert "better than your settings" in found["R-NEVER-EMPTY"][1]
    assert "worse than your settings" in found["R-POPULAR"][1]


@pytest.mark.parametrize(
    ("cfg_scale", "rule_id", "agrees", "said"),
    [
        (8.5, "R-CFG-START", True, "8.5 instead of 7"),
        (5.0, "R-CFG-START", False, "5 instead of 7"),
        (5.0, "R-CFG-LOW", False, "show the prompt as much"),
        (13.0, "R-CFG-HARSH", False, "neither clipping nor saturation"),
    ],
)
def test_the_bands_of_guidance(
    ended: Ended, plan: StudyPlan, cfg_scale: float, rule_id: str, agrees: bool, said: str
) -> None:
    """A proven winner at either end overrules what is feared of it; the usual start is held against it too."""
    found = told(ended("ugly", cfg_scale, 0.95, Piece("cfg_scale", 0.5, 0.1)), plan)

    assert agrees is found[rule_id][0]
    assert said in found[rule_id][1]
    assert "R-CFG-LOW" not in told(ended("ugly"), plan)


@pytest.mark.parametrize(
    ("negative", "weight", "rule_id", "agrees", "said"),
    [
        ("overexposed", 0.95, "R-LORA-STRONG", True, "overexposed earned a place"),
        ("blurry", 0.95, "R-LORA-STRONG", False, "none of them"),
        ("blurry", 0.5, "R-LORA-LEAN", True, "with 1 term,"),
        (TEN, 0.5, "R-LORA-LEAN", False, "with 10 terms"),
        ("blurry", 0.8, "R-LORA-START", True, "x at 0.8 instead of 0.95"),
    ],
)
def test_the_bands_of_loras(
    ended: Ended, plan: StudyPlan, negative: str, weight: float, rule_id: str, agrees: bool, said: str
) -> None:
    """What the negative prompt should be like beside a weak and a strong LoRA, and where to start from."""
    found = told(ended(negative, 7.0, weight, Piece("lora:x", 0.5, 0.1)), plan)

    assert agrees is found[rule_id][0]
    assert said in found[rule_id][1]


def test_what_pictures_showed_is_told_with_its_figures(ended: Ended, plan: StudyPlan) -> None:
    """A term that is in no layer was found by looking at pictures; it is told with what it adds."""
    piece = Piece("term:long neck", 0.5, 0.1)
    found = told(ended("Long Neck", 7.0, 0.95, piece), plan)

    assert (True, f"Here Long Neck ({FIGURES}) earned a place.") == found["R-EVIDENCE"]
    assert not told(ended("ugly", 7.0, 0.95, piece), plan)["R-EVIDENCE"][0]
    assert "R-EVIDENCE" not in told(ended("ugly", 7.0, 0.95, Piece("term:blurry", 0.5, 0.1)), plan)


def test_media_call_for_words_against_others(ended: Ended, plan: StudyPlan) -> None:
    """A prompt that asks for a photo has the style words checked; without a medium there is no such rule."""
    photo = replace(plan, baseline=replace(plan.baseline, prompt="photo of a cat"))

    assert (True, "Here anime earned a place.") == told(ended("anime"), photo)["R-STYLE"]
    assert not told(ended("blurry"), photo)["R-STYLE"][0]
    assert "R-STYLE" not in told(ended("anime"), plan)


def test_more_than_fifteen_terms(ended: Ended, plan: StudyPlan) -> None:
    """A winner with more overrules the rule; one that cut the user's own seventeen down bears it out."""
    many = ", ".join(f"w{n}" for n in range(17))
    long, short = ended(many), ended("blurry")
    cut = replace(short, baseline=replace(short.baseline, negative_prompt=many))

    assert not told(long, plan)["R-FEW-TERMS"][0]
    assert told(cut, plan)["R-FEW-TERMS"][0]
    assert "1 term instead of 17" in told(cut, plan)["R-FEW-TERMS"][1]
    assert "R-FEW-TERMS" not in told(short, plan)
