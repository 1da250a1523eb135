"""The constructed cases, and the advice on them where the tagger sees what is drawn."""

from __future__ import annotations

import pytest

from counterprompt.advice.advise import advise
from counterprompt.advice.choice import Goal
from counterprompt.advice.resources import look_up
from counterprompt.infotext.parse import parse_infotext
from counterprompt.miniature.cases import AdviceCase, CaseKind, ExpectedAdvice, build_case, build_cases
from counterprompt.miniature.labels import TAGS, tags_of
from counterprompt.tags.diff import diff_prompt
from counterprompt.tags.observed import ObservedTag, ObservedTags, TagCategory

VOCABULARY = frozenset(TAGS) - {"plain"}


def _fault(case: AdviceCase) -> str:
    params = parse_infotext(case.infotext)
    tags = tuple(ObservedTag(tag, TagCategory.GENERAL, 0.95) for tag in sorted(tags_of(case.scene) & VOCABULARY))
    diff = diff_prompt(params.prompt, params.negative_prompt, ObservedTags(tags, VOCABULARY))
    advice = advise(params, diff, Goal(case.goal), look_up(params, case.inventory))
    return case.expected.fault_of(advice.choice.value, advice.prompt)


@pytest.mark.parametrize("kind", CaseKind)
def test_true_tags_give_the_right_advice(kind: CaseKind):
    """With nothing overlooked the rules are right in nearly every case of each kind."""
    faults = [fault for seed in range(25) if (fault := _fault(build_case(kind, seed)))]

    assert len(faults) <= 1, faults


def test_cases_are_the_same_every_time():
    """Kind and seed decide everything; another seed gives another case."""
    assert build_cases(12) == build_cases(12)
    assert build_case(CaseKind.WRONG, 1) != build_case(CaseKind.WRONG, 2)
    assert list(CaseKind) == [case.kind for case in build_cases(6, 100)]


@pytest.mark.parametrize(
    ("choice", "prompt", "fault"),
    [
        ("merge", "red circle, score-free", ""),
        ("embedded", "red circle", "chose embedded"),
        ("merge", "circle", "does not ask for red"),
        ("merge", "red circle, blue", "keeps blue"),
        ("merge", "red circle, black background", "keeps black background"),
        ("merge", "red, circle, a, b, c", "is still too long"),
    ],
)
def test_faults_are_found(choice: str, prompt: str, fault: str):
    """A wrong choice, an omission, a false word and too many terms."""
    spares = frozenset({"blue", "black background"})
    expected = ExpectedAdvice(frozenset({"merge"}), frozenset({"red", "circle"}), spares, most_terms=4)

    assert fault == expected.fault_of(choice, prompt)


def test_a_fine_prompt_is_kept_byte_for_byte():
    """A changed blank is a fault."""
    expected = ExpectedAdvice(frozenset({"embedded"}), verbatim="red  circle")

    assert "" == expected.fault_of("embedded", "red  circle")
    assert "changed the prompt" == expected.fault_of("embedded", "red circle")
    assert ("red",) == ExpectedAdvice(frozenset(), untrue=frozenset({"red", "sand background"})).invented("red sand")
