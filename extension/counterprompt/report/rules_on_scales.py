"""The usual advice on CFG scale and LoRA weights, held against a proven winner."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from counterprompt.negative.layers import SPILL_TERMS
from counterprompt.prompts.folding import fold_words
from counterprompt.prompts.terms import split_terms
from counterprompt.report.explanations import RuleFinding
from counterprompt.report.piece_words import say_certainty, say_count, say_earned

if TYPE_CHECKING:
    from collections.abc import Iterator

    from counterprompt.search.outcome import Outcome

USUAL_CFG: Final = (7.0, 11.0)
LOW_CFG: Final = 6.0
"""Below it the prompt is hardly heeded."""
HARSH_CFG: Final = 12.0
"""Above it pictures turn harsh."""
LONG_NEGATIVE: Final = 9
"""Terms from which a negative prompt counts as long."""
LEAN_NEGATIVE: Final = 8
"""Terms up to which a negative prompt counts as lean."""
LEAN_WEIGHT: Final = 0.6
"""A LoRA below it wants a lean negative prompt."""
SPILL_WEIGHT: Final = 0.9
START_CFG: Final = 8.0
START_WEIGHT: Final = 0.7
_NEAR_CFG: Final = 1.0
_NEAR_WEIGHT: Final = 0.1


def on_cfg(outcome: Outcome) -> Iterator[RuleFinding]:
    """Check the usual range, the two ends beyond it, the usual start, and what a long negative prompt wants."""
    before, after = outcome.baseline.cfg_scale, outcome.winner.cfg_scale
    low, high = USUAL_CFG
    sure = say_certainty(outcome, "cfg_scale", is_changed=before != after)
    yield RuleFinding(
        "R-CFG-USUAL",
        f"A CFG scale from {low:g} to {high:g} is the usual range.",
        f"Here {after:g} {sure}.",
        low <= after <= high,
    )
    if before != after:
        yield RuleFinding(
            "R-CFG-START",
            f"{START_CFG:g} is the CFG scale to start from.",
            f"Here {after:g} instead of {before:g} {sure}.",
            abs(after - START_CFG) <= _NEAR_CFG,
        )
    yield from _on_the_ends(outcome, after)
    terms = _term_count(outcome)
    if terms >= LONG_NEGATIVE and before != after:
        yield RuleFinding(
            "R-CFG-LONG",
            "The usual advice for a long negative prompt is a lower CFG scale.",
            f"Here, with {say_count(terms)}, {after:g} instead of {before:g} {sure}.",
            after < before,
        )


def _on_the_ends(outcome: Outcome, cfg_scale: float) -> Iterator[RuleFinding]:
    """A proven winner breaks no guard, so at either end what is feared of it did not come."""
    lost = -outcome.held_out.components.fidelity
    if cfg_scale < LOW_CFG:
        yield RuleFinding(
            "R-CFG-LOW",
            f"Below a CFG scale of {LOW_CFG:g} the prompt is hardly heeded.",
            f"Here at {cfg_scale:g} the pictures show the prompt as much as yours do "
            f"({lost:.2f} σ of fidelity lost beyond what is free).",
            False,
        )
    if cfg_scale > HARSH_CFG:
        yield RuleFinding(
            "R-CFG-HARSH",
            f"Above a CFG scale of {HARSH_CFG:g} pictures turn harsh.",
            f"Here at {cfg_scale:g} neither clipping nor saturation rose beyond their limits.",
            False,
        )


def on_loras(outcome: Outcome) -> Iterator[RuleFinding]:
    """Check each LoRA's weight and what the negative prompt should be like beside it."""
    before = dict(outcome.baseline.loras)
    for name, weight in outcome.winner.loras:
        was = before.get(name, weight)
        sure = say_certainty(outcome, f"lora:{name}", is_changed=was != weight)
        instead = f" instead of {was:g}" if was != weight else ""
        if max(weight, was) > SPILL_WEIGHT:
            yield RuleFinding(
                "R-LORA-SPILL",
                f"A LoRA above {SPILL_WEIGHT:g} spills over everything and is turned down.",
                f"Here {name} at {weight:g}{instead} {sure}.",
                weight <= SPILL_WEIGHT,
            )
        if was != weight:
            yield RuleFinding(
                "R-LORA-START",
                f"{START_WEIGHT:g} is the LoRA weight to start from.",
                f"Here {name} at {weight:g}{instead} {sure}.",
                abs(weight - START_WEIGHT) <= _NEAR_WEIGHT + 1e-9,
            )
    yield from _on_the_words_beside(outcome)


def _on_the_words_beside(outcome: Outcome) -> Iterator[RuleFinding]:
    """Check the words against the largest LoRA weight of the winner."""
    name, weight = max(outcome.winner.loras, key=lambda lora: lora[1], default=("", 0.0))
    if not name or weight <= 0:
        return
    terms = _term_count(outcome)
    if weight < LEAN_WEIGHT:
        yield RuleFinding(
            "R-LORA-LEAN",
            f"A LoRA below {LEAN_WEIGHT:g} needs little restraint: {LEAN_NEGATIVE} terms or fewer.",
            f"Here {name} at {weight:g} did best with {say_count(terms)}, your own included.",
            terms <= LEAN_NEGATIVE,
        )
    if weight > SPILL_WEIGHT:
        spill = {fold_words(term) for term in SPILL_TERMS}
        kept = [each.text for each in split_terms(outcome.winner.negative_prompt) if fold_words(each.text) in spill]
        yield RuleFinding(
            "R-LORA-STRONG",
            f"Beside a LoRA above {SPILL_WEIGHT:g}, words against spill ({', '.join(SPILL_TERMS)}) are needed.",
            f"Here, with {name} at {weight:g}, {say_earned(outcome, kept)}.",
            bool(kept),
        )


def _term_count(outcome: Outcome) -> int:
    return len(split_terms(outcome.winner.negative_prompt))
