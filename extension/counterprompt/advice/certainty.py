"""How sure an advice is, and what that rests on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from counterprompt.tags.classes import DiffClass

if TYPE_CHECKING:
    from counterprompt.advice.case import Case

CLEAR_SHARE: Final = 0.65
"""Share of the weight that one side must have to win alone."""
_USUAL_WEIGHT: Final = 2.0
"""Weight of reasons at which half of the trust in them is earned."""


@dataclass(frozen=True)
class Certainty:
    """How sure an advice is."""

    confidence: float
    """0 to 1: how clear the balance is, times the mean of how much speaks, can be seen and is known."""
    rests_on: tuple[str, ...]
    """One sentence for each of these."""


def judge_certainty(case: Case, embedded: float, reverse: float) -> Certainty:
    """Judge how sure the choice is that follows from two sums of weights.

    Args:
        case: what was looked at.
        embedded: weight of the reasons for the embedded prompt, 0 or more.
        reverse: weight of those for the reverse tags, 0 or more.
    """
    total = embedded + reverse
    seen, known = _observable_share(case), case.resources.known_share
    sure = sum(entry.confidence for entry in case.shown) / len(case.shown) if case.shown else 0.0
    clearness = 0.5 + 0.5 * _clearness(embedded / total if total else 0.5)
    grounds = (total / (total + _USUAL_WEIGHT), seen, sure, known)
    return Certainty(
        round(clearness * sum(grounds) / len(grounds), 3),
        (
            f"The reasons weigh {embedded:.3g} for the embedded prompt and {reverse:.3g} for the tags.",
            f"The tagger can judge {seen:.0%} of what the prompt asks for.",
            f"The tagger is {sure:.0%} sure of what it saw.",
            f"It is known of {known:.0%} of the files that made the picture whether they are here.",
        ),
    )


def _clearness(share: float) -> float:
    """Return how far *share* is from where the choice changes, 0 at the border to 1 at the farthest."""
    lean = max(share, 1 - share)
    if lean >= CLEAR_SHARE:
        return (lean - CLEAR_SHARE) / (1 - CLEAR_SHARE)
    return (CLEAR_SHARE - lean) / (CLEAR_SHARE - 0.5)


def _observable_share(case: Case) -> float:
    asked = [entry for entry in case.diff.entries if not entry.is_negated and entry.weight > 0]
    asked = [entry for entry in asked if entry.diff_class is not DiffClass.UNEXPECTED]
    seen = [entry for entry in asked if entry.diff_class is not DiffClass.UNOBSERVABLE]
    total = sum(entry.weight for entry in asked)
    return sum(entry.weight for entry in seen) / total if total else float(bool(case.shown))
