"""The usual advice on what belongs into a negative prompt, held against a proven winner."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from counterprompt.negative.layers import BASE_TERMS
from counterprompt.negative.subject import Medium, Subject, layers_for, medium_of, subject_of
from counterprompt.prompts.folding import fold_words
from counterprompt.prompts.terms import split_terms
from counterprompt.report.explanations import RuleFinding
from counterprompt.report.piece_words import say_count, say_earned

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from counterprompt.search.outcome import Outcome
    from counterprompt.search.plan import StudyPlan

MOST_TERMS: Final = 15
_BASE: Final = "base"


def on_words(outcome: Outcome, plan: StudyPlan) -> Iterator[RuleFinding]:
    """Check the layers that subject and medium call for, the words that evidence found, and the number of words."""
    terms = [term.text for term in split_terms(outcome.winner.negative_prompt)]
    if any(set(layer.terms) & set(BASE_TERMS) for layer in plan.space.layers):
        kept = _kept(terms, BASE_TERMS)
        yield RuleFinding(
            "R-BASE-ALWAYS",
            f"General defect words ({', '.join(BASE_TERMS[:3])}, …) always belong into the negative prompt.",
            f"Here {say_earned(outcome, kept)}.",
            bool(kept),
        )
    yield from _on_layers(outcome, plan, terms)
    yield from _on_evidence(outcome, plan, terms)
    yield from _on_number(outcome, len(terms))


def _on_layers(outcome: Outcome, plan: StudyPlan, terms: Sequence[str]) -> Iterator[RuleFinding]:
    subject, medium = subject_of(plan.baseline.prompt), medium_of(plan.baseline.prompt)
    called_for = {layer.name: layer.terms for layer in layers_for(subject, medium) if layer.name != _BASE}
    advice = {
        "structure": f"For a prompt about a {subject.value} words such as {{}} belong into the negative prompt.",
        "style": f"For a prompt that asks for {_a(medium)} words against other media, such as {{}}, belong there.",
    }
    if subject is Subject.OTHER:
        called_for.pop("structure", None)
    if medium is Medium.UNKNOWN:
        called_for.pop("style", None)
    for name, words in called_for.items():
        kept = _kept(terms, words)
        yield RuleFinding(
            f"R-{name.upper()}",
            advice[name].format(words[0]),
            f"Here {say_earned(outcome, kept)}.",
            bool(kept),
        )


def _on_evidence(outcome: Outcome, plan: StudyPlan, terms: Sequence[str]) -> Iterator[RuleFinding]:
    """Words that are in no layer of the plan nor the user's own were found by looking at pictures."""
    own = {fold_words(term.text) for term in split_terms(plan.baseline.negative_prompt)}
    known = own | {fold_words(term) for layer in plan.space.layers for term in layer.terms}
    offered = [*plan.space.dynamic_terms, *_searched_terms(outcome)]
    found = list(dict.fromkeys(term for term in offered if fold_words(term) not in known))
    if found:
        kept = _kept(terms, found)
        yield RuleFinding(
            "R-EVIDENCE",
            f"What the pictures themselves get wrong ({', '.join(found[:3])}) belongs into the negative prompt.",
            f"Here {say_earned(outcome, kept)}.",
            bool(kept),
        )


def _on_number(outcome: Outcome, terms: int) -> Iterator[RuleFinding]:
    before = len(split_terms(outcome.baseline.negative_prompt))
    if max(terms, before) > MOST_TERMS:
        low, high = outcome.held_out.ci95
        yield RuleFinding(
            "R-FEW-TERMS",
            f"Past about {MOST_TERMS} terms the gain collapses.",
            f"Here {say_count(terms)} instead of {before}, your own included, did best "
            f"({outcome.held_out.gain:+.2f} σ with all other changes, 95 % interval {low:+.2f} to {high:+.2f}).",
            terms <= MOST_TERMS,
        )


def _searched_terms(outcome: Outcome) -> list[str]:
    return [piece.name.removeprefix("term:") for piece in outcome.importance if piece.name.startswith("term:")]


def _kept(terms: Sequence[str], words: Sequence[str]) -> list[str]:
    wanted = {fold_words(word) for word in words}
    return [term for term in terms if fold_words(term) in wanted]


def _a(medium: Medium) -> str:
    return f"an {medium.value}" if medium.value[0] in "aeiou" else f"a {medium.value}"
