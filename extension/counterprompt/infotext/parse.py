"""Infotext to generation parameters."""

from __future__ import annotations

from dataclasses import dataclass

from counterprompt.errors import InvalidInputError
from counterprompt.infotext.layout import InfotextLayout
from counterprompt.infotext.params import GenerationParams
from counterprompt.infotext.scan import read_fields

MAX_INFOTEXT_CHARACTERS = 1_000_000
NEGATIVE_MARKER = "Negative prompt:"
_FEWEST_FIELDS = 3
_TEMPLATE_MARKERS = ("Template:", "Negative Template:")


@dataclass(frozen=True)
class _ParameterLine:
    start: int
    fields: tuple[tuple[str, str], ...]
    end: int


def parse_infotext(text: str) -> GenerationParams:
    """Read an infotext as the WebUI writes it; every text is legal, and most plain texts are one long prompt.

    The last line is the parameter line when it holds at least three pairs. Unlike the WebUI, a parameter line is also
    found above the "Template:" lines that Dynamic Prompts appends. `render_infotext` gives *text* back byte for byte.

    Raises:
        InvalidInputError: *text* is longer than MAX_INFOTEXT_CHARACTERS.
    """
    if len(text) > MAX_INFOTEXT_CHARACTERS:
        raise InvalidInputError(
            f"The infotext has {len(text)} characters and at most {MAX_INFOTEXT_CHARACTERS} are read; shorten it."
        )
    line = _find_parameter_line(text)
    negative_start = _find_negative_start(text, line.start)
    prompt_text = text[:negative_start]
    negative_text = text[negative_start : line.start]
    layout = InfotextLayout(
        prompt_text=prompt_text,
        prompt=_join_lines(_cut_end(text, 0, negative_start)),
        negative_text=negative_text,
        negative_prompt=_join_lines(_cut_end(text, negative_start, line.start)),
        fields=line.fields,
        parameter_line=text[line.start : line.end],
        rest=text[line.end :],
    )
    return GenerationParams(layout.prompt, layout.negative_prompt, layout.fields, layout)


def _find_parameter_line(text: str) -> _ParameterLine:
    end = len(text.rstrip())
    for line_end in filter(None, (_find_templates(text[:end]), end)):
        start = text.rfind("\n", 0, line_end) + 1
        fields = read_fields(text[start:line_end])
        if len(fields) >= _FEWEST_FIELDS:
            return _ParameterLine(start, fields, line_end)
    return _ParameterLine(len(text), (), len(text))


def _find_templates(text: str) -> int:
    """Where the line before the first template line ends, if that line looks like a parameter line; else 0."""
    positions = (text.find("\n" + marker) for marker in _TEMPLATE_MARKERS)
    line_end = min((position for position in positions if position >= 0), default=0)
    return line_end if text.startswith("Steps:", text.rfind("\n", 0, line_end) + 1) else 0


def _find_negative_start(text: str, end: int) -> int:
    """Where the first line that opens the negative prompt begins, or *end*."""
    start = 0
    for line in text[:end].split("\n"):
        if line.lstrip().startswith(NEGATIVE_MARKER):
            return start
        start += len(line) + 1
    return end


def _cut_end(text: str, start: int, end: int) -> str:
    """One part without the line break that ends it; the last part of the text loses all white space at its end."""
    part = text[start:end]
    return part.rstrip() if end == len(text) else part.removesuffix("\n")


def _join_lines(text: str) -> str:
    """What the lines say: each stripped and without the marker, empty lines before the first word left out."""
    lines = (line.strip() for line in text.split("\n"))
    return "\n".join(line.removeprefix(NEGATIVE_MARKER).strip() for line in lines).lstrip("\n")
