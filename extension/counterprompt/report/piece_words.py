"""What the search's own figures say of one piece of the winner, as part of a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counterprompt.prompts.folding import fold_words
from counterprompt.report.effects import NORMAL_95

if TYPE_CHECKING:
    from collections.abc import Sequence

    from counterprompt.search.importance import PieceEffect
    from counterprompt.search.outcome import Outcome


def say_certainty(outcome: Outcome, name: str, *, is_changed: bool) -> str:
    """Say whether the figures bear out that the value *name* helped; the gain of the whole is proven anyway."""
    if not is_changed:
        return "stayed as it was, nothing else did better"
    piece = _piece(outcome, name)
    if piece is None:
        return "is what the winner has"
    is_sure = abs(piece.effect) > NORMAL_95 * piece.standard_error
    said = "was better" if is_sure else "is what the winner has, though its own share in the gain is not certain"
    return f"{said} ({_figure(piece)})"


def say_earned(outcome: Outcome, kept: Sequence[str]) -> str:
    """Say that the terms *kept* earned a place, each with what it adds where the search knows; or that none did."""
    if not kept:
        return "none of them earned a place"
    told = []
    for term in kept:
        piece = _piece(outcome, f"term:{term}")
        told.append(term if piece is None else f"{term} ({_figure(piece)})")
    return f"{', '.join(told)} earned a place"


def say_count(terms: int) -> str:
    """Say how many terms: "1 term", "10 terms"."""
    return f"{terms} term{'' if terms == 1 else 's'}"


def _piece(outcome: Outcome, name: str) -> PieceEffect | None:
    """Find a piece by its name; terms are found in any spelling."""
    kind, _, what = name.partition(":")
    for each in outcome.importance:
        other_kind, _, other = each.name.partition(":")
        if each.name == name or (kind == other_kind == "term" and fold_words(what) == fold_words(other)):
            return each
    return None


def _figure(piece: PieceEffect) -> str:
    margin = NORMAL_95 * piece.standard_error
    low, high = piece.effect - margin, piece.effect + margin
    return f"{piece.effect:+.2f} σ, 95 % interval {low:+.2f} to {high:+.2f}"
