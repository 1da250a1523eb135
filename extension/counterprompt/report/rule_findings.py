"""The usual advice against what was measured here (DESIGN 2: the rules are priors, measurement overrules them)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from counterprompt.negative.layers import BASE_TERMS
from counterprompt.negative.subject import Subject, layers_for, medium_of, subject_of
from counterprompt.prompts.terms import split_terms
from counterprompt.report.content import RuleFinding
from counterprompt.report.effects import NORMAL_95

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from counterprompt.report.content import Control
    from counterprompt.search.outcome import Outcome
    from counterprompt.search.plan import StudyPlan

USUAL_CFG: Final = (7.0, 11.0)
LONG_NEGATIVE: Final = 9
"""Terms from which a negative prompt counts as long."""
SPILL_WEIGHT: Final = 0.9
MOST_TERMS: Final = 15


def rule_findings(outcome: Outcome, plan: StudyPlan, controls: Sequence[Control]) -> tuple[RuleFinding, ...]:
    """Hold the rules of thumb that this study touched against what it found; only a proven winner can overrule one."""
    found = list(_on_controls(outcome, controls))
    if outcome.verdict.value == "gain":
        found += [*_on_cfg(outcome), *_on_loras(outcome), *_on_words(outcome, plan)]
    return tuple(sorted(found, key=lambda each: each.agrees))


def _on_cfg(outcome: Outcome) -> Iterator[RuleFinding]:
    before, after = outcome.baseline.cfg_scale, outcome.winner.cfg_scale
    terms = len(split_terms(outcome.winner.negative_prompt))
    low, high = USUAL_CFG
    sure = _certainty(outcome, "cfg_scale", is_changed=before != after)
    yield RuleFinding(
        "R-CFG-USUAL",
        f"A CFG scale from {low:g} to {high:g} is the usual range.",
        f"Here {after:g} {sure}.",
        low <= after <= high,
    )
    if terms >= LONG_NEGATIVE and before != after:
        yield RuleFinding(
            "R-CFG-LONG",
            "The usual advice for a long negative prompt is a lower CFG scale.",
            f"Here, with {terms} terms, {after:g} instead of {before:g} {sure}.",
            after < before,
        )


def _on_loras(outcome: Outcome) -> Iterator[RuleFinding]:
    before = dict(outcome.baseline.loras)
    for name, weight in outcome.winner.loras:
        sure = _certainty(outcome, f"lora:{name}", is_changed=before.get(name) != weight)
        was = before.get(name, weight)
        if max(weight, was) > SPILL_WEIGHT:
            yield RuleFinding(
                "R-LORA-SPILL",
                f"A LoRA above {SPILL_WEIGHT:g} spills over everything and is turned down.",
                f"Here {name} at {weight:g}{f' instead of {was:g}' if was != weight else ''} {sure}.",
                weight <= SPILL_WEIGHT,
            )


def _on_words(outcome: Outcome, plan: StudyPlan) -> Iterator[RuleFinding]:
    terms = [term.text for term in split_terms(outcome.winner.negative_prompt)]
    kept = [term for term in terms if term in BASE_TERMS]
    if any(set(layer.terms) & set(BASE_TERMS) for layer in plan.space.layers):
        yield RuleFinding(
            "R-BASE-ALWAYS",
            f"General defect words ({', '.join(BASE_TERMS[:3])}, …) always belong into the negative prompt.",
            f"Here {', '.join(kept)} earned a place." if kept else "Here none of them earned a place.",
            bool(kept),
        )
    yield from _on_structure(plan, terms)
    if len(terms) > MOST_TERMS:
        yield RuleFinding(
            "R-FEW-TERMS",
            f"Past about {MOST_TERMS} terms the gain collapses.",
            f"Here {len(terms)} terms, your own included, did best.",
            False,
        )


def _on_structure(plan: StudyPlan, terms: Sequence[str]) -> Iterator[RuleFinding]:
    subject = subject_of(plan.baseline.prompt)
    structure = next(
        (layer for layer in layers_for(subject, medium_of(plan.baseline.prompt)) if layer.name == "structure"), None
    )
    if structure is None or subject is Subject.OTHER:
        return
    kept = [term for term in terms if term in structure.terms]
    yield RuleFinding(
        "R-STRUCTURE",
        f"For a prompt about a {subject.value} words such as {structure.terms[0]} belong into the negative prompt.",
        f"Here {', '.join(kept)} earned a place." if kept else "Here none of them earned a place.",
        bool(kept),
    )


def _on_controls(outcome: Outcome, controls: Sequence[Control]) -> Iterator[RuleFinding]:
    for control in controls:
        low, high = control.ci95
        tells = "better than" if low > 0 else "worse than" if high < 0 else "no different, beyond doubt, from"
        here = f"Here it was {tells} your settings ({control.gain:+.2f} σ, 95 % interval {low:+.2f} to {high:+.2f})."
        if control.negative_prompt:
            advice = "The popular wall of words is pasted under every kind of prompt."
            yield RuleFinding("R-POPULAR", advice, here, low > 0)
        else:
            yield RuleFinding("R-NEVER-EMPTY", "A negative prompt should never be left empty.", here, high < 0)


def _certainty(outcome: Outcome, name: str, *, is_changed: bool) -> str:
    """Say whether the search's own figures bear out that this value helped; the gain of the whole is proven anyway."""
    if not is_changed:
        return "stayed as it was, nothing else did better"
    piece = next((each for each in outcome.importance if each.name == name), None)
    is_sure = piece is not None and abs(piece.effect) > NORMAL_95 * piece.standard_error
    return "was better" if is_sure else "is what the winner has, though its own share in the gain is not certain"
