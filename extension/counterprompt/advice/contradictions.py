"""Contradictions: where the prompt asks for one thing and the picture shows another in its place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from counterprompt.prompts.folding import fold_words
from counterprompt.tags.classes import DiffClass

if TYPE_CHECKING:
    from counterprompt.tags.classes import DiffEntry, PromptDiff

_COLOURS: Final = frozenset(
    fold_words(
        "red green blue yellow purple orange pink white black grey brown blonde silver gold aqua teal cyan violet"
    )
)
"""Of these one thing has one."""


@dataclass(frozen=True)
class Contradiction:
    """Two tags that differ in a colour: "blue eyes" asked, "red eyes" seen."""

    asked: DiffEntry
    """What the prompt names and the picture does not show."""
    shown: DiffEntry
    """What shows in its place, unasked."""

    @property
    def words(self) -> tuple[str, str]:
        """The colour asked for and the one that shows."""
        pairs = zip(fold_words(self.asked.tag), fold_words(self.shown.tag))
        return next((left, right) for left, right in pairs if left != right)


def find_contradictions(diff: PromptDiff) -> tuple[Contradiction, ...]:
    """List the missing tags of *diff* of which an unexpected one says otherwise, each once, the surest first."""
    found: dict[str, Contradiction] = {}
    for shown in sorted(diff.of_class(DiffClass.UNEXPECTED), key=lambda entry: -entry.confidence):
        for asked in diff.of_class(DiffClass.MISSING):
            if asked.weight > 0 and _differ_in_colour(fold_words(asked.tag), fold_words(shown.tag)):
                found.setdefault(asked.tag, Contradiction(asked, shown))
    return tuple(found.values())


def _differ_in_colour(left: tuple[str, ...], right: tuple[str, ...]) -> bool:
    if len(left) != len(right):
        return False
    different = [pair for pair in zip(left, right) if pair[0] != pair[1]]
    return len(different) == 1 and _COLOURS.issuperset(different[0])
