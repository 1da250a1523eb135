"""Where a negative prompt has no say, whatever it says, and what to do about it (DESIGN 2, HOSTS.md 3.5)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_FEW_STEPS: Final = re.compile(r"(?<![a-z])(turbo|lightning|lcm|hyper|dmd2?|schnell)(?![a-z])", re.IGNORECASE)
"""What the names of checkpoints distilled to few steps hold; the CFG scale decides, the name explains."""


@dataclass(frozen=True)
class Guidance:
    """How the host is set to heed the negative prompt."""

    cfg_scale: float
    """CFG scale of the first pass."""
    is_distilled: bool = False
    """Whether the model has its guidance built in (Flux and its kin) and ignores negative prompts by design."""
    checkpoint: str = ""
    """Name of the checkpoint."""
    skipped_share: float = 0.0
    """Share of the first steps in which the host leaves the negative prompt out, 0 to 1."""
    skip_sigma: float = 0.0
    """Noise level below which the host leaves it out in some steps ("NGMS"); 0: never."""
    hires_cfg: float | None = None
    """CFG scale of the hires pass, or None where there is no such pass or it has no scale of its own."""


@dataclass(frozen=True)
class MuteFinding:
    """One reason why the negative prompt is not heeded."""

    rule_id: str
    """Short id."""
    text: str
    """What is the matter and what to do, in a sentence or two."""
    is_total: bool
    """Whether the negative prompt has no effect at all, so that there is nothing to search."""


def find_muteness(guidance: Guidance) -> tuple[MuteFinding, ...]:
    """List why the negative prompt is not heeded, in whole or in part; nothing where it is."""
    return tuple(_findings(guidance))


def _findings(guidance: Guidance) -> Iterator[MuteFinding]:
    if guidance.is_distilled and guidance.cfg_scale <= 1:
        yield MuteFinding(
            "N-MUTE-DISTILLED",
            "This model has its guidance built in, and its negative prompt does nothing at CFG scale 1; "
            "load another checkpoint to use one.",
            True,
        )
    elif guidance.cfg_scale <= 1:
        few = _FEW_STEPS.search(guidance.checkpoint)
        remedy = (
            f'the checkpoint\'s name says "{few[1]}", so try 1.5 to 2, not more' if few else "raise it, 5 to 8 is usual"
        )
        yield MuteFinding(
            "N-MUTE-CFG", f"At CFG scale {guidance.cfg_scale:g} the negative prompt has no effect; {remedy}.", True
        )
    yield from _partial_findings(guidance)


def _partial_findings(guidance: Guidance) -> Iterator[MuteFinding]:
    if guidance.hires_cfg is not None and guidance.hires_cfg <= 1 < guidance.cfg_scale:
        yield MuteFinding(
            "N-MUTE-HIRES",
            f"The hires pass runs at CFG scale {guidance.hires_cfg:g} and ignores the negative prompt there; "
            "set “Hires CFG Scale” to the first pass's.",
            False,
        )
    if guidance.skipped_share > 0:
        yield MuteFinding(
            "N-MUTE-EARLY",
            f"The setting “Ignore negative prompt during early sampling” mutes it in the first "
            f"{guidance.skipped_share:.0%} of the steps, where most is decided; set it to 0.",
            guidance.skipped_share >= 1,
        )
    if guidance.skip_sigma > 0:
        yield MuteFinding(
            "N-MUTE-NGMS",
            f"The setting “Negative Guidance minimum sigma” ({guidance.skip_sigma:g}) mutes it in some late steps; "
            "set it to 0.",
            False,
        )
