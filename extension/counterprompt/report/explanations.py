"""What a report explains beside the proof: defects, guards, rules of thumb, and faults that stayed."""

from __future__ import annotations

from dataclasses import dataclass

ANY_DEFECT = "any defect"
"""Name of the rate of pictures with at least one defect."""


@dataclass(frozen=True)
class DefectRate:
    """How often one defect shows."""

    defect: str
    """The defect's name."""
    baseline: float
    """Share of baseline pictures that show it, 0 to 1."""
    winner: float
    """Share of winner pictures that show it, 0 to 1."""


@dataclass(frozen=True)
class GuardRow:
    """One thing that must not get worse while the rest gets better."""

    name: str
    """Such as "saturation"."""
    is_broken: bool
    """Whether the best candidate breaks it."""
    text: str
    """What that means, in one plain sentence."""


@dataclass(frozen=True)
class RuleFinding:
    """A rule of thumb against what was measured here."""

    rule_id: str
    """Short id of the rule."""
    advice: str
    """What is usually said, in one sentence."""
    here: str
    """What was found here, in one sentence."""
    agrees: bool
    """Whether the measurement bears the rule out."""


@dataclass(frozen=True)
class StayingFault:
    """A defect that stayed whatever the negative prompt was, and where its cause may lie."""

    defect: str
    """Its name."""
    baseline: float
    """Mean probability with the user's settings, 0 to 1."""
    winner: float
    """Mean probability with the best candidate, 0 to 1."""
    rule_id: str
    """Short id of the hint."""
    places: tuple[str, ...]
    """Where to look, the likeliest first."""
    text: str
    """What is known of it, in plain sentences."""
