"""How much a study may take: presets, pictures, minutes. The one table that the command, job files and pages share."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from counterprompt.errors import InvalidInputError
from counterprompt.jobs.mistakes import Mistake

if TYPE_CHECKING:
    from collections.abc import Mapping

PRESETS: Final = MappingProxyType({"quick": 120, "balanced": 240, "thorough": 600})
"""Name of a preset and its pictures. With fewer than 120 nothing is set aside for shortening the winner; from 340 on
the proof has the most seeds that it ever gets (`search.picture_split`)."""

USUAL_PICTURES: Final = 480
"""The budget where nothing is said."""

MOST_PICTURES_BY_TIME: Final = 2000
"""The budget where only minutes are given: more pictures than this hardly find more."""


def pictures_for(budget: int | None, preset: str | None, minutes: float | None) -> int:
    """Return the most pictures for what the user said of them; None is what was left open.

    Raises:
        InvalidInputError: both a budget and a preset were given, or the preset is none.
    """
    if preset is not None and preset not in PRESETS:
        raise InvalidInputError(f'There is no preset "{preset[:200]}"; choose {" or ".join(PRESETS)}.')
    if preset is not None and budget is not None:
        raise InvalidInputError(f"Both {budget} pictures and the preset {preset} were given; leave one of them out.")
    if budget is not None:
        return budget
    if preset is not None:
        return PRESETS[preset]
    return USUAL_PICTURES if minutes is None else MOST_PICTURES_BY_TIME


def with_own_budget(
    defaults: Mapping[str, tuple[int, Any]], own: Mapping[str, tuple[int, Any]], mistakes: list[Mistake]
) -> dict[str, tuple[int, Any]]:
    """Join the fields of a job with the *defaults*; its own budget or preset replaces whichever of the two is there.

    Fields are names with their line and value.
    """
    for fields in (defaults, own):
        if {"budget", "preset"} <= fields.keys():
            mistake = Mistake(fields["preset"][0], "preset: a budget is given too; leave one of them out")
            if str(mistake) not in map(str, mistakes):
                mistakes.append(mistake)
    has_own = bool({"budget", "preset"} & own.keys())
    kept = {name: field for name, field in defaults.items() if not (has_own and name in ("budget", "preset"))}
    return {**kept, **own}
