"""Defects that no negative prompt cures, told from what held-out seeds show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

OFTEN: Final = 0.6
"""Mean probability with the user's own settings from which a defect is one of the model's habits."""

LEFT: Final = 0.75
"""Share of a defect that must be left with the best candidate: a third less would be a beginning of a cure."""


@dataclass(frozen=True)
class UntreatableDefect:
    """A defect that stayed whatever the negative prompt was."""

    name: str
    """As the scorer's probe calls it."""
    before: float
    """Mean probability with the user's own settings, 0 to 1."""
    after: float
    """Mean probability with the best candidate, 0 to 1."""


def untreatable_defects(artifacts: Sequence[tuple[str, float, float]]) -> tuple[UntreatableDefect, ...]:
    """Name the defects that the prompt does not reach, the likeliest first.

    A defect is one that is likely on most pictures with the user's own settings, and as good as unchanged with the best
    candidate, which had every term on offer against it.

    Args:
        artifacts: `HeldOut.artifacts`: defect, its mean probability with the baseline, and with the challenger.
    """
    found = [
        UntreatableDefect(name, before, after)
        for name, before, after in artifacts
        if before >= OFTEN and after >= LEFT * before
    ]
    return tuple(sorted(found, key=lambda each: -each.after))
