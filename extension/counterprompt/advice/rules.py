"""The rules of advice as one table: when each holds, which side it speaks for, and how strongly (DESIGN 2)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final

from counterprompt.advice import triggers as t
from counterprompt.advice.choice import Goal
from counterprompt.advice.resources import ResourceState
from counterprompt.advice.triggers import MOST_TERMS

if TYPE_CHECKING:
    from counterprompt.advice.case import Case

__all__ = ["MOST_TERMS", "RULES", "AdviceRule", "Side"]


class Side(Enum):
    """Whom a rule speaks for."""

    EMBEDDED = "embedded"
    REVERSE = "reverse"
    NEITHER = "neither"


def _fully(case: Case) -> float:
    return 1.0


@dataclass(frozen=True)
class AdviceRule:
    """One rule."""

    rule_id: str
    """Short id that advice and reports quote."""
    side: Side
    """The side it speaks for."""
    weight: float
    """How strongly at strength 1, 0 to 10; a prior."""
    sentence: str
    """The reason in words; {names} is replaced by what made it hold."""
    culprits: Callable[[Case], tuple[str, ...]]
    """What makes the rule hold in a case; empty where it does not hold."""
    strength: Callable[[Case], float] = _fully
    """What the weight is multiplied by in a case where it holds, 0 to 2."""


_R, _E, _N = Side.REVERSE, Side.EMBEDDED, Side.NEITHER

RULES: Final = (
    AdviceRule("R-EMPTY", _R, 10, "The picture holds no prompt.", lambda case: t.when(t.is_empty(case))),
    AdviceRule(
        "R-LORA-MISSING",
        _R,
        3,
        "The LoRA {names} is not here, so its look must be described in words.",
        lambda case: case.resources.loras_in(ResourceState.MISSING),
        t.missing_weight,
    ),
    AdviceRule(
        "R-LORA-OTHER",
        _R,
        2,
        "The LoRA {names} is here as another file under the same name.",
        lambda case: case.resources.loras_in(ResourceState.OTHER_FILE),
    ),
    AdviceRule("R-LORA-FAMILY", _R, 2, "The LoRA {names} was made for another model family.", t.misfit_loras),
    AdviceRule("R-EMBEDDING", _R, 1, "The embedding {names} is not here as that file.", t.absent_embeddings),
    AdviceRule(
        "R-BASE", _R, 2, "The picture was made with {names}, your checkpoint is of another family.", t.misfit_base
    ),
    AdviceRule(
        "R-FAMILY",
        _R,
        3,
        "The words {names} belong to another model family and mean nothing to yours.",
        lambda case: t.terms_that(case, case.is_foreign),
        t.foreign_strength,
    ),
    AdviceRule(
        "R-LONG",
        _R,
        3,
        f"The embedded prompt has more than {MOST_TERMS} terms: distil it to what shows.",
        lambda case: t.when(len(case.terms) > MOST_TERMS),
        t.length_strength,
    ),
    AdviceRule(
        "R-SHORT",
        _R,
        2,
        "The embedded prompt asks for too little: the picture shows {names} too.",
        lambda case: tuple(entry.tag for entry in case.unasked) if t.is_too_short(case) else (),
    ),
    AdviceRule(
        "R-WRONG",
        _R,
        3,
        "The embedded prompt is wrong about the picture: it does not show {names}.",
        t.wrong_words,
        t.wrong_strength,
    ),
    AdviceRule(
        "R-CONTRADICTED",
        _R,
        3,
        "The embedded prompt asks for what the picture shows otherwise: {names}.",
        t.contradicted_words,
        t.contradicted_strength,
    ),
    AdviceRule(
        "R-BLOCKED",
        _R,
        2,
        "The embedded prompt holds words that you block; each goes with the whole term it stands in: {names}.",
        lambda case: t.terms_that(case, case.is_blocked),
    ),
    AdviceRule(
        "R-STYLE",
        _R,
        2,
        "The embedded prompt asks for a style that you do not want: {names}.",
        lambda case: t.terms_that(case, case.is_unwanted_style),
    ),
    AdviceRule("R-GOAL", _R, 3, "You want to {names}: tags of what shows are easier to change.", t.changed_goal),
    AdviceRule(
        "E-BLIND",
        _E,
        10,
        "The tagger saw nothing that could be put into words.",
        lambda case: t.when(not case.shown and not t.is_empty(case)),
    ),
    AdviceRule(
        "E-RESOURCES",
        _E,
        3,
        "Checkpoint, LoRAs and embeddings are all here with the same hashes.",
        lambda case: t.when(case.resources.is_complete),
    ),
    AdviceRule(
        "E-RICH", _E, 2, "The embedded prompt is rich, and what it names shows.", lambda case: t.when(t.is_rich(case))
    ),
    AdviceRule(
        "E-SYNTAX",
        _E,
        2,
        "The embedded prompt uses prompt editing, BREAK or AND, which tags cannot replace.",
        lambda case: t.when(case.has_special_syntax),
    ),
    AdviceRule(
        "E-NAMES", _E, 2, "The embedded prompt holds names that no tagger can see: {names}.", lambda case: case.names
    ),
    AdviceRule(
        "E-GOAL",
        _E,
        3,
        "You want the same picture again.",
        lambda case: t.when(case.goal is Goal.REPRODUCE),
        t.reproduction_strength,
    ),
    AdviceRule(
        "N-CHECKPOINT",
        _N,
        0,
        "The checkpoint {names} is not here, so the picture cannot come out exactly the same.",
        t.absent_checkpoint,
    ),
    AdviceRule(
        "N-MUTE",
        _N,
        0,
        "A negative prompt is mute with Flux and at CFG scale 1.",
        lambda case: t.when(t.has_mute_negative(case)),
    ),
    AdviceRule("N-RENAMED", _N, 0, "Here under another name, by its hash: {names}.", t.renamed_files),
    AdviceRule("N-TRANSLATED", _N, 0, "In the words of your model's family a merge says: {names}.", t.translated_words),
    AdviceRule("N-NEAREST", _N, 0, "Of the LoRAs here the nearest is {names}.", t.nearest_loras),
    AdviceRule(
        "N-MENDED",
        _N,
        0,
        "Most of what the embedded prompt asks for shows, so whatever is wrong with it can be mended.",
        lambda case: t.when(t.is_mostly_right(case)),
    ),
    AdviceRule(
        "L-COMPARE",
        _N,
        0,
        "To learn, generate with each prompt on the same seeds and compare.",
        lambda case: t.when(case.goal is Goal.LEARN),
    ),
)
"""Every rule, in the order in which reasons are told."""
