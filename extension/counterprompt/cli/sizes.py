"""Picture sizes as the command line spells them."""

import re

from counterprompt.errors import InvalidInputError


def parse_size(text: str | None) -> tuple[int, int] | None:
    """Parse "512x768" into width and height; None stays None.

    Raises:
        InvalidInputError: it is not two numbers from 64 to 2048, both multiples of 8.
    """
    if text is None:
        return None
    match = re.fullmatch(r"(\d{2,4})x(\d{2,4})", text, re.ASCII)
    sizes = tuple(map(int, match.groups())) if match else ()
    if len(sizes) != 2 or any(not 64 <= size <= 2048 or size % 8 for size in sizes):
        raise InvalidInputError(
            f"The size {text!r} cannot be generated; give WIDTHxHEIGHT, multiples of 8 from 64 to 2048."
        )
    return sizes
