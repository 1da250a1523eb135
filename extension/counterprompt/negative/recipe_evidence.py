"""How well a recipe did when it was verified."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from counterprompt.errors import InvalidInputError


@dataclass(frozen=True)
class RecipeEvidence:
    """The proof of a recipe on seeds that its search never saw."""

    gain: float
    """Mean gain over the user's own settings, in standard deviations of these over seeds."""
    low: float
    """Lower end of the gain's 95 % interval."""
    high: float
    """Upper end of the gain's 95 % interval."""
    win_rate: float
    """Share of seeds that it won, 0 to 1."""
    seeds: int
    """How many seeds."""
    generator: str = ""
    """What drew the pictures."""
    created: str = ""
    """ISO 8601 date and time, UTC."""
    own_cfg_gain: float | None = None
    """Mean gain that is left with the CFG scale as the user had it; None where it was not changed or not measured."""

    @property
    def sentence(self) -> str:
        """The proof in words."""
        return (
            f"better by {self.gain:+.2f} σ on {self.seeds} fresh seeds "
            f"(95 % interval {self.low:+.2f} to {self.high:+.2f}), wins on {self.win_rate:.0%}{self._cfg_clause}"
        )

    @property
    def _cfg_clause(self) -> str:
        if self.own_cfg_gain is None:
            return ""
        return f"; with the CFG scale left alone about {self.own_cfg_gain:+.2f} σ"


def read_evidence(values: Any) -> RecipeEvidence | None:
    """Read evidence from its fields in JSON; None where there is none.

    Raises:
        InvalidInputError: a figure is missing or is no number.
    """
    if values is None:
        return None
    if not isinstance(values, dict):
        raise InvalidInputError("The recipe's evidence must be an object or null; export the recipe again.")
    numbers = [values.get(name) for name in ("gain", "low", "high", "win_rate", "seeds")]
    left = values.get("own_cfg_gain")
    for number in [*numbers, *([] if left is None else [left])]:
        if isinstance(number, bool) or not isinstance(number, (int, float)) or not math.isfinite(number):
            raise InvalidInputError(f"The recipe's evidence holds {number!r} for a number; export the recipe again.")
    gain, low, high, win_rate, seeds = (float(number) for number in numbers if number is not None)
    return RecipeEvidence(
        gain,
        low,
        high,
        win_rate,
        int(seeds),
        str(values.get("generator", "")),
        str(values.get("created", "")),
        None if left is None else float(left),
    )
