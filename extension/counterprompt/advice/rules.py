"""The rules of advice as one table: when each holds, which side it speaks for, and how strongly (DESIGN 2)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final

from counterprompt.advice.case import Case, Goal
from counterprompt.advice.resources import ResourceState
from counterprompt.prompts.extra_networks import strip_extra_networks
from counterprompt.tags.classes import DiffClass

if TYPE_CHECKING:
    from collections.abc import Callable

MOST_TERMS: Final = 40
"""A prompt of more terms is far too long."""
FEWEST_WORDS: Final = 5
"""A prompt of fewer words is too short where the picture shows more."""
RICH_TAGS: Final = 3
"""Confirmed tags from which a prompt is rich."""
RICH_AGREEMENT: Final = 0.75
"""Share of the observable asked weight that must show for a prompt to be accurate."""
WRONG_AGREEMENT: Final = 0.5
"""Share below which a prompt is wrong about the picture."""


class Side(Enum):
    """Whom a rule speaks for."""

    EMBEDDED = "embedded"
    REVERSE = "reverse"
    NEITHER = "neither"


@dataclass(frozen=True)
class AdviceRule:
    """One rule."""

    rule_id: str
    """Short id that advice and reports quote."""
    side: Side
    """The side it speaks for."""
    weight: float
    """How strongly, 0 to 10; a prior."""
    sentence: str
    """The reason in words; {names} is replaced by what made it hold."""
    culprits: Callable[[Case], tuple[str, ...]]
    """What makes the rule hold in a case; empty where it does not hold."""


def _if(holds: bool) -> tuple[str, ...]:
    return ("yes",) if holds else ()


def _is_too_short(case: Case) -> bool:
    unasked = [entry for entry in case.shown if entry.diff_class is DiffClass.UNEXPECTED]
    return case.word_count < FEWEST_WORDS and len(unasked) >= 2


def _is_rich(case: Case) -> bool:
    agreement = case.diff.agreement
    has_enough = len(case.diff.of_class(DiffClass.CONFIRMED)) >= RICH_TAGS and len(case.terms) <= MOST_TERMS
    return has_enough and agreement is not None and agreement >= RICH_AGREEMENT


def _terms_that(case: Case, test: Callable[[str], bool]) -> tuple[str, ...]:
    return tuple(term.text for term in case.terms if test(term.text))


def _wrong_words(case: Case) -> tuple[str, ...]:
    agreement = case.diff.agreement
    if agreement is None or agreement >= WRONG_AGREEMENT or not case.shown:
        return ()
    return tuple(entry.tag for entry in case.diff.of_class(DiffClass.MISSING))


def _is_empty(case: Case) -> bool:
    return not strip_extra_networks(case.params.prompt).strip()


RULES: Final = (
    AdviceRule("R-EMPTY", Side.REVERSE, 10, "The picture holds no prompt.", lambda case: _if(_is_empty(case))),
    AdviceRule(
        "R-LORA-MISSING",
        Side.REVERSE,
        3,
        "The LoRA {names} is not here, so its look must be described in words.",
        lambda case: case.resources.loras_in(ResourceState.MISSING),
    ),
    AdviceRule(
        "R-LORA-OTHER",
        Side.REVERSE,
        2,
        "The LoRA {names} is here as another file under the same name.",
        lambda case: case.resources.loras_in(ResourceState.OTHER_FILE),
    ),
    AdviceRule(
        "R-FAMILY",
        Side.REVERSE,
        3,
        "The words {names} belong to another model family and mean nothing to yours.",
        lambda case: _terms_that(case, case.is_foreign),
    ),
    AdviceRule(
        "R-LONG",
        Side.REVERSE,
        2,
        f"The embedded prompt has more than {MOST_TERMS} terms: distil it to what shows.",
        lambda case: _if(len(case.terms) > MOST_TERMS),
    ),
    AdviceRule(
        "R-SHORT",
        Side.REVERSE,
        2,
        "The embedded prompt is too short: the picture shows more.",
        lambda case: _if(_is_too_short(case)),
    ),
    AdviceRule(
        "R-WRONG",
        Side.REVERSE,
        3,
        "The embedded prompt is wrong about the picture: it does not show {names}.",
        _wrong_words,
    ),
    AdviceRule(
        "R-BLOCKED",
        Side.REVERSE,
        2,
        "The embedded prompt holds words that you block: {names}.",
        lambda case: _terms_that(case, case.is_blocked),
    ),
    AdviceRule(
        "R-STYLE",
        Side.REVERSE,
        2,
        "The embedded prompt asks for a style that you do not want: {names}.",
        lambda case: _terms_that(case, case.is_unwanted_style),
    ),
    AdviceRule(
        "R-GOAL",
        Side.REVERSE,
        3,
        "You want to {names}: tags of what shows are easier to change.",
        lambda case: () if case.goal is Goal.REPRODUCE else (case.goal.value,),
    ),
    AdviceRule(
        "E-BLIND",
        Side.EMBEDDED,
        10,
        "The tagger saw nothing that could be put into words.",
        lambda case: _if(not case.shown and not _is_empty(case)),
    ),
    AdviceRule(
        "E-RESOURCES",
        Side.EMBEDDED,
        3,
        "Checkpoint, LoRAs and embeddings are all here with the same hashes.",
        lambda case: _if(case.resources.is_complete),
    ),
    AdviceRule(
        "E-RICH",
        Side.EMBEDDED,
        2,
        "The embedded prompt is rich, and what it names shows.",
        lambda case: _if(_is_rich(case)),
    ),
    AdviceRule(
        "E-SYNTAX",
        Side.EMBEDDED,
        2,
        "The embedded prompt uses prompt editing, BREAK or AND, which tags cannot replace.",
        lambda case: _if(case.has_special_syntax),
    ),
    AdviceRule(
        "E-NAMES",
        Side.EMBEDDED,
        2,
        "The embedded prompt holds names that no tagger can see: {names}.",
        lambda case: case.names,
    ),
    AdviceRule(
        "E-GOAL",
        Side.EMBEDDED,
        3,
        "You want the same picture again.",
        lambda case: _if(case.goal is Goal.REPRODUCE),
    ),
    AdviceRule(
        "L-COMPARE",
        Side.NEITHER,
        0,
        "To learn, generate with each prompt on the same seeds and compare.",
        lambda case: _if(case.goal is Goal.LEARN),
    ),
)
"""Every rule, in the order in which reasons are told."""
