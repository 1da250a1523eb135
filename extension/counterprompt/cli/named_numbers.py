"""Numbers with names as the command line spells them: NAME=NUMBER, as often as needed."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from counterprompt.errors import InvalidInputError

if TYPE_CHECKING:
    from collections.abc import Sequence


def parse_named(
    option: str, texts: Sequence[str] | None, names: Sequence[str], limits: tuple[float, float]
) -> dict[str, float]:
    """Parse *texts*, each "NAME=NUMBER" with one of *names* and a number within *limits*; the last of a name counts.

    Raises:
        InvalidInputError: one of them is none; the message names *option*.
    """
    found = {}
    for text in texts or ():
        name, _, number = text.partition("=")
        name = name.strip()
        try:
            value = float(number)
        except ValueError:
            value = math.nan
        if name not in names or not limits[0] <= value <= limits[1]:
            raise InvalidInputError(
                f"{option} {text!r} says nothing here; give NAME=NUMBER from {limits[0]:g} to {limits[1]:g}, NAME one "
                f"of {', '.join(names)}."
            )
        found[name] = value
    return found
