"""The exact characters an infotext was read from, so that what nobody changed is written back untouched."""

from __future__ import annotations

from dataclasses import dataclass

from counterprompt.infotext.scan import FieldSpan, scan_fields


@dataclass(frozen=True)
class InfotextLayout:
    """The three parts of one infotext, each with the value that was read from it."""

    prompt_text: str
    """All characters of the positive part, line break and white space included."""
    prompt: str
    """What *prompt_text* says."""
    negative_text: str
    """All characters of the negative part, from its "Negative prompt:" on."""
    negative_prompt: str
    """What *negative_text* says."""
    fields: tuple[tuple[str, str], ...]
    """Label and value of each pair of the parameter line, in order."""
    parameter_line: str
    """All characters of the parameter line."""
    rest: str
    """All characters behind it: white space, and lines that extensions append."""

    @property
    def spans(self) -> tuple[FieldSpan, ...]:
        """The pairs of the parameter line, cut anew: writing needs them, reading has no time for them."""
        return scan_fields(self.parameter_line)[0]

    @property
    def tail(self) -> str:
        """All characters after the last value."""
        return scan_fields(self.parameter_line)[1] + self.rest

    @property
    def fields_text(self) -> str:
        """All characters of the parameter line and of what follows it."""
        return self.parameter_line + self.rest
