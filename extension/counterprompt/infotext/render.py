"""Generation parameters to infotext."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counterprompt.infotext.layout import InfotextLayout
from counterprompt.infotext.parse import NEGATIVE_MARKER
from counterprompt.infotext.quoting import quote

if TYPE_CHECKING:
    from counterprompt.infotext.params import GenerationParams
    from counterprompt.infotext.scan import FieldSpan

_EMPTY_LAYOUT = InfotextLayout("", "", "", "", (), "", "")


def render_infotext(params: GenerationParams) -> str:
    """Write the infotext of *params*: what was read and not changed byte for byte, the rest as the WebUI writes it."""
    layout = params.layout or _EMPTY_LAYOUT
    text = ""
    for part in (_render_prompt(params, layout), _render_negative(params, layout), _render_fields(params, layout)):
        needs_break = part and text and not text.endswith("\n")
        text += ("\n" if needs_break else "") + part
    return text


def _render_prompt(params: GenerationParams, layout: InfotextLayout) -> str:
    return layout.prompt_text if params.prompt == layout.prompt else params.prompt


def _render_negative(params: GenerationParams, layout: InfotextLayout) -> str:
    if params.negative_prompt == layout.negative_prompt:
        return layout.negative_text
    return f"{NEGATIVE_MARKER} {params.negative_prompt}" if params.negative_prompt else ""


def _render_fields(params: GenerationParams, layout: InfotextLayout) -> str:
    if params.fields == layout.fields:
        return layout.fields_text
    labels = [label for label, _ in params.fields]
    spans = layout.spans
    kept = [span.label for span in spans]
    if not kept or labels[: len(kept)] != kept:
        return ", ".join(_render_field(*pair) for pair in params.fields) + layout.tail
    in_place = "".join(_render_span(span, value) for span, (_, value) in zip(spans, params.fields))
    added = "".join(f", {_render_field(*pair)}" for pair in params.fields[len(kept) :])
    return in_place + added + layout.tail


def _render_span(span: FieldSpan, value: str) -> str:
    return span.before + (span.raw_value if value == span.value else quote(value))


def _render_field(label: str, value: str) -> str:
    return f"{label}: {quote(value)}"
