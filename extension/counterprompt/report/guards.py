"""The guards: what must not get worse while the score gets better, in plain words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from counterprompt.report.explanations import GuardRow
from counterprompt.search.guard_limits import SIGNAL_SLACKS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from counterprompt.search.outcome import Outcome

MEANINGS: Final[Mapping[str, tuple[str, str]]] = {
    "fidelity": (
        "The pictures show what the prompt asks for, as much as before.",
        "The pictures show less of what the prompt asks for than yours do.",
    ),
    "clipped": (
        "No more of the picture is pure white or pure black than before.",
        "More of the picture is pure white or pure black than in yours.",
    ),
    "saturation": ("Colours are not much stronger than before.", "Colours are far stronger than in yours."),
    "noise": ("There is no more noise than before.", "There is more noise than in yours."),
    "flatness": ("The pictures have not lost their detail.", "The pictures have lost detail: large parts are flat."),
}
"""Guard to what it means that it holds, and that it is broken."""


def guard_rows(outcome: Outcome) -> tuple[GuardRow, ...]:
    """Say of each guard whether the best candidate breaks it; none where nothing was verified."""
    if not outcome.held_out.pairs:
        return ()
    broken = outcome.held_out.broken_guards
    names = dict.fromkeys((*broken, "fidelity", *SIGNAL_SLACKS))
    return tuple(GuardRow(name, name in broken, _meaning(name, is_broken=name in broken)) for name in names)


def _meaning(name: str, *, is_broken: bool) -> str:
    return MEANINGS.get(name, (f"{name} stayed as it was.", f"{name} rose too far."))[is_broken]


def guard_breakers(outcome: Outcome) -> int:
    """Count the candidates of the search that lost points because a signal guard or fidelity broke."""
    return sum(trial.components.signals < 0 or trial.components.fidelity < 0 for trial in outcome.history)
