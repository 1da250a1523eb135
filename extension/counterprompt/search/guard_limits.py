"""Which guards count, and how far each may move before it is broken: by the rule, or as the user says."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from counterprompt.errors import InvalidInputError

if TYPE_CHECKING:
    from collections.abc import Mapping

SIGNAL_SLACKS = MappingProxyType({"clipped": 0.02, "saturation": 0.10, "noise": 0.03, "flatness": 0.15})
"""Signals that are guards, and how far each may rise above the baseline's before it costs anything.

Sharpness is none of them: it rises by right where blur goes away.
"""

GUARDS = (*sorted(SIGNAL_SLACKS), "fidelity")
"""All guards, in the order in which differences tell of them."""

SIGNAL_SPREADS = 0.5
"""By the rule the slack of a signal is at least this many of its spreads over the baseline's seeds."""

LOST_FIDELITY = 1.0
"""Spreads of prompt fidelity whose loss, on average, breaks that guard by the rule; half of it is free."""

_SMALLEST_RELIEF = 0.005
"""Clipping that falls by less is no sign of anything."""


@dataclass(frozen=True)
class GuardLimits:
    """The user's own limits; None leaves a guard to the rule, a large number lets it go.

    Raises:
        InvalidInputError: a limit is not above 0.
    """

    clipped: float | None = None
    """How much the share of clipped values may rise, 0 to 1."""
    saturation: float | None = None
    """How much the mean saturation may rise, 0 to 1."""
    noise: float | None = None
    """How much the noise may rise, 0 to 1."""
    flatness: float | None = None
    """How much the share of flat areas may rise, 0 to 1."""
    fidelity: float | None = None
    """How many of its spreads over the baseline's seeds prompt fidelity may lose on average."""

    def __post_init__(self) -> None:
        for name, limit in asdict(self).items():
            if limit is not None and not (math.isfinite(limit) and limit > 0):
                raise InvalidInputError(f"The limit {limit} of the guard {name} is not above 0; give one such as 0.1.")

    def signal_slack(self, name: str, spread: float) -> float:
        """Say how far the signal *name* may rise above the baseline's, whose *spread* over seeds is given."""
        own: float | None = getattr(self, name)
        return max(SIGNAL_SLACKS[name], SIGNAL_SPREADS * spread) if own is None else own

    @property
    def lost_fidelity(self) -> float:
        """How many spreads of fidelity may be lost on average."""
        return LOST_FIDELITY if self.fidelity is None else self.fidelity

    @property
    def own(self) -> Mapping[str, float]:
        """The limits that are the user's own, by guard."""
        return {name: limit for name, limit in asdict(self).items() if limit is not None}


def guard_names(signals: Mapping[str, float], baseline: Mapping[str, float]) -> list[str]:
    """Name the *signals* that are guards and that the *baseline* has too, in order of name."""
    return sorted(SIGNAL_SLACKS.keys() & signals.keys() & baseline.keys())


def guards_that_count(signals: Mapping[str, float], baseline: Mapping[str, float]) -> list[str]:
    """Name the guards in order of name, without saturation where it may rise because overexposure ends."""
    names = guard_names(signals, baseline)
    is_excused = "clipped" in names and _regains_colour(signals["clipped"], baseline["clipped"])
    return [name for name in names if not (is_excused and name == "saturation")]


def _regains_colour(clipped: float, before: float) -> bool:
    """Whether saturation may rise because overexposure ends: garish pictures clip more than the baseline, not less.

    *clipped* and *before* are the shares of clipped values, 0 to 1, now and in the baseline.
    """
    return before - clipped > max(_SMALLEST_RELIEF, before / 10)
