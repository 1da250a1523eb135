"""The six classes of a prompt diff, and the diff as a value."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class DiffClass(Enum):
    """Where a tag stands between what was asked and what was seen."""

    CONFIRMED = "confirmed"
    """Asked, seen."""
    MISSING = "missing"
    """Asked, not seen."""
    UNEXPECTED = "unexpected"
    """Seen, not asked."""
    LEAKED = "leaked"
    """Negated, yet seen."""
    SUPPRESSED = "suppressed"
    """Negated, not seen."""
    UNOBSERVABLE = "unobservable"
    """Asked or negated, but outside what the tagger can say, and no probe is sure of it."""


class Witness(Enum):
    """Who looked at the picture for a tag."""

    TAGGER = "tagger"
    """The tagger, whose label file holds the tag or what it means."""
    PROBE = "probe"
    """A CLIP probe, which knows what the tagger cannot say."""
    NOBODY = "nobody"
    """Neither: the tag is unobservable."""


@dataclass(frozen=True)
class DiffEntry:
    """One tag in its class."""

    tag: str
    """The tagger's spelling, or the prompt's own words in lower case with spaces."""
    diff_class: DiffClass
    weight: float
    """Emphasis in the prompt that holds it; 1 for what nobody asked for."""
    confidence: float
    """How sure the witness is that it shows, 0 to 1; 0 where it was not seen."""
    is_negated: bool = False
    """Whether it comes from the negative prompt."""
    witness: Witness = Witness.TAGGER
    """Who says so."""


@dataclass(frozen=True)
class PromptDiff:
    """Every tag of prompt, negative prompt and picture, each once."""

    entries: tuple[DiffEntry, ...]
    """Asked tags in the prompt's order, negated ones in theirs, then unexpected ones, surest first."""

    def of_class(self, diff_class: DiffClass) -> tuple[DiffEntry, ...]:
        """Return the entries of one class, in order."""
        return tuple(entry for entry in self.entries if entry.diff_class is diff_class)

    @property
    def agreement(self) -> float | None:
        """Share of the observable asked weight that is confirmed, 0 to 1; None where nothing asked is observable."""
        asked = {
            diff_class: sum(max(entry.weight, 0.0) for entry in self.of_class(diff_class))
            for diff_class in (DiffClass.CONFIRMED, DiffClass.MISSING)
        }
        total = sum(asked.values())
        return asked[DiffClass.CONFIRMED] / total if total else None
