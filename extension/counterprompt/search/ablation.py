"""Ablation: terms that do not carry their weight are dropped; the shortest prompt that keeps the gain is left."""

from __future__ import annotations

from statistics import fmean
from typing import TYPE_CHECKING

from counterprompt.search.candidate import OWN, Candidate
from counterprompt.search.statistics import standard_error

if TYPE_CHECKING:
    from collections.abc import Sequence

    from counterprompt.search.evaluation import Evaluator
    from counterprompt.search.objective import Objective

STAGE = "ablation"

TOLERANCE = 0.5
"""How much the drops together may cost, in standard errors of the paired difference."""


def shorten(
    evaluator: Evaluator, objective: Objective, winner: Candidate, seeds: Sequence[int], picture_limit: int
) -> Candidate:
    """Drop whole layers, then single terms, whose loss costs less than half a standard error on *seeds*.

    With few seeds what helps now and then would be dropped by chance: give many, the held-out ones first.

    Each shorter candidate is compared with *winner* itself, so that small losses cannot add up. It ends when one more
    comparison would go beyond *picture_limit* pictures in the whole study.

    Raises:
        StoppedError: the listener asked to stop; what was scored is recorded.
    """
    reference = _totals(evaluator, objective, winner, seeds)
    shorter = winner
    for layer_name, term in _pieces(winner, bool(evaluator.baseline.negative_prompt.strip())):
        attempt = shorter.without(layer_name, term)
        if attempt == shorter or evaluator.pictures + evaluator.cost(attempt, seeds) > picture_limit:
            continue
        if _is_as_good(evaluator, objective, attempt, seeds, reference):
            shorter = attempt
    return shorter


def _pieces(winner: Candidate, has_own: bool) -> list[tuple[str, str | None]]:
    """List what could be dropped: whole layers, longest first, then the user's text, then terms, last first."""
    layers = sorted(winner.layers, key=lambda layer: -len(layer.terms))
    pieces: list[tuple[str, str | None]] = [(layer.name, None) for layer in layers]
    if winner.keeps_own and has_own:
        pieces.append((OWN, None))
    pieces += [(layer.name, term) for layer in layers if len(layer.terms) > 1 for term in reversed(layer.terms)]
    return pieces


def _is_as_good(
    evaluator: Evaluator, objective: Objective, attempt: Candidate, seeds: Sequence[int], reference: list[float]
) -> bool:
    half = max(2, len(seeds) // 2)
    for count, tolerance in ((half, 2 * TOLERANCE), (len(seeds), TOLERANCE)):
        totals = _totals(evaluator, objective, attempt, seeds[:count])
        costs = [whole - less for whole, less in zip(reference, totals)]
        if fmean(costs) > tolerance * standard_error(costs):
            return False
    return True


def _totals(evaluator: Evaluator, objective: Objective, candidate: Candidate, seeds: Sequence[int]) -> list[float]:
    return [delta.total for delta in evaluator.deltas(objective, candidate, seeds, STAGE)]
