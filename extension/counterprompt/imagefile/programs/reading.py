"""What one program's reader finds, always in the WebUI's words."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from counterprompt.infotext.fields import FIELDS
from counterprompt.infotext.params import GenerationParams
from counterprompt.infotext.parse import NEGATIVE_MARKER, parse_infotext
from counterprompt.infotext.render import render_infotext

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_FEWEST_FIELDS = 3
_ORDER = {spec.label: position for position, spec in enumerate(FIELDS)}
_FLATTENED = "A line of the prompt would be taken for something else in an infotext, so its lines were joined."


@dataclass(frozen=True)
class ProgramReading:
    """The generation parameters that a picture carries, and who wrote them."""

    program: str
    """Program that made the picture, such as "ComfyUI"."""
    infotext: str
    """The text as it stands in the file where that is an infotext; otherwise one in the WebUI's words. Empty where the
    program is known and nothing else."""
    params: GenerationParams
    """What the picture says."""
    notes: tuple[str, ...] = ()
    """What could not be said in the WebUI's words or was not understood, a plain sentence each."""


def compose_reading(
    program: str, prompt: str, negative_prompt: str, fields: Mapping[str, object], notes: Iterable[str] = ()
) -> ProgramReading:
    """Put another program's settings into the WebUI's words.

    *fields* maps the WebUI's labels to values of any JSON type; empty and impossible ones are left out, the others are
    ordered as the WebUI orders them. `parse_infotext` reads the same values back from the infotext.

    Raises:
        InvalidInputError: the infotext would be too long.
    """
    pairs = _order_fields({**fields, "App": program})
    gen_params = GenerationParams(_tidy(prompt), _tidy(negative_prompt), pairs)
    infotext = render_infotext(gen_params)
    all_notes = tuple(dict.fromkeys(notes))
    written = parse_infotext(infotext)
    if written != gen_params:
        infotext = render_infotext(GenerationParams(_flatten(prompt), _flatten(negative_prompt), pairs))
        written, all_notes = parse_infotext(infotext), (*all_notes, _FLATTENED)
    return ProgramReading(program, infotext, written, all_notes)


def format_value(value: object) -> str:
    """Write a JSON value as the WebUI writes values: 7.0 as "7", None, NaN and infinity as ""."""
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, float):
        if not math.isfinite(value):
            return ""
        return str(int(value)) if value.is_integer() else f"{value:.10g}"
    return encodable(str(value).strip()) if isinstance(value, (int, str)) else ""


def encodable(text: str) -> str:
    """Replace halves of surrogate pairs, which JSON can escape but no file can hold, by question marks."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def _order_fields(fields: Mapping[str, object]) -> tuple[tuple[str, str], ...]:
    texts = ((label, format_value(value)) for label, value in fields.items())
    pairs = sorted(((label, text) for label, text in texts if text), key=lambda pair: _ORDER.get(pair[0], len(_ORDER)))
    return tuple(pairs) if len(pairs) >= _FEWEST_FIELDS else ()


def _tidy(text: str) -> str:
    return "\n".join(line.strip() for line in encodable(text).split("\n")).strip("\n")


def _flatten(text: str) -> str:
    return " ".join(encodable(text).split()).removeprefix(NEGATIVE_MARKER).strip()
