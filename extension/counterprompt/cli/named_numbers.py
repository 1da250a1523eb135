"""Numbers with names as the command line spells them: NAME=NUMBER, as often as needed."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from counterprompt.errors import InvalidInputError

if TYPE_CHECKING:
    from collections.abc import Sequence


def parse_named(option: str, texts: Sequence[str] | None, names: Sequence[str], high: float) -> dict[str, float]:
    """Parse *texts*, each "NAME=NUMBER" with one of *names* and a number from 0 to *high*; the last of a name counts.

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
        if name not in names or not 0 <= value <= high:
            raise InvalidInputError(
                f"{option} {text!r} says nothing here; give NAME=NUMBER from 0 to {high:g}, NAME one of "
                f"{', '.join(names)}."
            )
        found[name] = value
    return found
