"""What a report says of the dropped picture: what was read in it, what was seen, and what was advised."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class TagChip:
    """One tag of the prompt diff, as a chip."""

    tag: str
    """Spelled with spaces."""
    diff_class: str
    """One of the six classes of the diff, such as "leaked"."""
    weight: float = 1.0
    """How much it counts: emphasis times confidence."""
    confidence: float | None = None
    """How sure the witness is, 0 to 1; None where it did not see it."""
    witness: str = "tagger"
    """Who looked: "tagger", "probe" or "nobody"."""


@dataclass(frozen=True)
class ReasonLine:
    """One reason of the advice."""

    rule_id: str
    """Short id of the rule, to look it up."""
    text: str
    """One sentence."""


@dataclass(frozen=True)
class PictureRecord:
    """What was read from the dropped picture."""

    dropped: str = ""
    """Its copy in the study folder, or ""."""
    infotext: str = ""
    """The parameters embedded in it, or ""."""
    program: str = ""
    """What wrote it."""
    diff: tuple[TagChip, ...] = ()
    """Every tag with its class."""
    advice: str = ""
    """"embedded", "reverse" or "merge"; "" where none was asked."""
    reasons: tuple[ReasonLine, ...] = ()
    """Why."""
