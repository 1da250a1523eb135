"""Text from strangers, made harmless to show."""

from __future__ import annotations

from typing import Final

_KEPT_CONTROLS: Final = "\n\t"


def without_controls(text: str) -> str:
    """Replace every sign that cannot be printed, but tab and line feed, by a visible mark.

    So neither control characters steer a terminal, nor direction characters a page.
    """
    return "".join(
        sign if sign.isprintable() or sign in _KEPT_CONTROLS else "\N{REPLACEMENT CHARACTER}" for sign in text
    )
