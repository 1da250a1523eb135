"""Infotext to generation parameters."""

from __future__ import annotations

from counterprompt.errors import InvalidInputError
from counterprompt.infotext.layout import InfotextLayout
from counterprompt.infotext.params import GenerationParams
from counterprompt.infotext.scan import read_fields

MAX_INFOTEXT_CHARACTERS = 1_000_000
NEGATIVE_MARKER = "Negative prompt:"
_FEWEST_FIELDS = 3
_TEMPLATE_MARKERS = ("Template:", "Negative Template:")


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
    start, end, fields = _find_parameter_line(text)
    negative_start = _find_negative_start(text, start)
    prompt = _join_lines(_cut_end(text, 0, negative_start))
    negative_prompt = _join_lines(_cut_end(text, negative_start, start))
    layout = InfotextLayout(
        prompt_text=text[:negative_start],
        prompt=prompt,
        negative_text=text[negative_start:start],
        negative_prompt=negative_prompt,
        fields=fields,
        parameter_line=text[start:end],
        rest=text[end:],
    )
    return GenerationParams(prompt, negative_prompt, fields, layout)


def _find_parameter_line(text: str) -> tuple[int, int, tuple[tuple[str, str], ...]]:
    """Start and end of the parameter line and what it says; the end of *text* twice where there is none."""
    end = len(text.rstrip())
    for line_end in (_find_templates(text, end), end):
        if line_end:
            start = text.rfind("\n", 0, line_end) + 1
            fields = read_fields(text[start:line_end])
            if len(fields) >= _FEWEST_FIELDS:
                return start, line_end, fields
    return len(text), len(text), ()


def _find_templates(text: str, end: int) -> int:
    """Where the line before the first template line ends, if that line looks like a parameter line; else 0."""
    start, line_end = 0, text.find("\n", 0, end)
    while line_end >= 0:
        if text.startswith(_TEMPLATE_MARKERS, line_end + 1):
            return line_end if text.startswith("Steps:", start) else 0
        start, line_end = line_end + 1, text.find("\n", line_end + 1, end)
    return 0


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
    if "\n" not in text:
        return text.strip().removeprefix(NEGATIVE_MARKER).strip()
    lines = (line.strip() for line in text.split("\n"))
    return "\n".join(line.removeprefix(NEGATIVE_MARKER).strip() for line in lines).lstrip("\n")
