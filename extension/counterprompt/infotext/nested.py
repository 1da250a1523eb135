"""Values that are themselves a line of settings, such as a ControlNet unit's."""

from __future__ import annotations

from dataclasses import dataclass, replace

from counterprompt.errors import InvalidInputError

_OPENING, _CLOSING = "([{", ")]}"


@dataclass(frozen=True)
class NestedSettings:
    """Settings inside one value; their pieces joined by commas give the text back byte for byte."""

    pieces: tuple[str, ...]
    """The text cut at the commas that stand outside of brackets."""

    @property
    def text(self) -> str:
        """The value as it stands in the field."""
        return ",".join(self.pieces)

    @property
    def settings(self) -> tuple[tuple[str, str], ...]:
        """Name and value of each setting, in order; pieces without a colon are left out."""
        cut = (piece.partition(":") for piece in self.pieces)
        return tuple((name.strip(), value.strip()) for name, colon, value in cut if colon)

    def find(self, *names: str) -> str | None:
        """Value of the first of *names* that is set, letters' case aside; None without."""
        folded = {name.casefold(): value for name, value in self.settings}
        return next((folded[name.casefold()] for name in names if name.casefold() in folded), None)

    def with_setting(self, name: str, value: str) -> NestedSettings:
        """Copy with the setting *name*, which exists or not, set to *value*; everything else stays as it is.

        Raises:
            InvalidInputError: *value* holds a comma outside of brackets, or *name* a comma or colon.
        """
        if len(parse_nested(value).pieces) > 1 or "," in name or ":" in name:
            raise InvalidInputError(
                f"The setting {name!r} cannot take {value!r}: it would be cut at a comma or colon; leave these out."
            )
        changed, is_found = [], False
        for piece in self.pieces:
            head, colon, _ = piece.partition(":")
            is_it = bool(colon) and head.strip().casefold() == name.casefold()
            is_found = is_found or is_it
            changed.append(f"{head}: {value}" if is_it else piece)
        if not is_found:
            changed.append(f" {name}: {value}" if self.text else f"{name}: {value}")
        return replace(self, pieces=tuple(changed if self.text or is_found else changed[-1:]))


def parse_nested(text: str) -> NestedSettings:
    """Cut *text* at its commas, those inside round, square and curly brackets left alone."""
    pieces, start, depth = [], 0, 0
    for position, character in enumerate(text):
        if character in _OPENING:
            depth += 1
        elif character in _CLOSING:
            depth = max(depth - 1, 0)
        elif character == "," and depth == 0:
            pieces.append(text[start:position])
            start = position + 1
    return NestedSettings((*pieces, text[start:]))
