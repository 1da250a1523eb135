"""The exact characters an infotext was read from, so that what nobody changed is written back untouched."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from counterprompt.infotext.quoting import unquote


class FieldSpan(NamedTuple):
    """One pair of the parameter line, cut so that the spans joined give the line back.

    A tuple, because a dataclass takes three times as long to make, and reading a picture makes two dozen of them.
    """

    before: str
    """Everything between the previous value and this one: separators, unreadable text, the label and its colon."""
    label: str
    """The key as it stands in the line, such as "CFG scale"."""
    raw_value: str
    """The value as it stands in the line, quotes and escapes included."""

    @property
    def value(self) -> str:
        """The value without quotes and escapes."""
        return unquote(self.raw_value)


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
    spans: tuple[FieldSpan, ...]
    """The pairs of the parameter line."""
    tail: str
    """All characters after the last value: separators, white space, and lines that extensions append."""

    @property
    def fields(self) -> tuple[tuple[str, str], ...]:
        """Label and value of each span, in order."""
        return tuple(
            [(label, unquote(raw) if raw.startswith('"') else raw) for _, label, raw in self.spans]  # faster so
        )

    @property
    def fields_text(self) -> str:
        """All characters of the parameter line and of what follows it."""
        return "".join(span.before + span.raw_value for span in self.spans) + self.tail
