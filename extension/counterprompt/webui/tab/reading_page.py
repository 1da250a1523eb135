"""What is embedded in the picture, as HTML."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from counterprompt.report.chips import shown_text
from counterprompt.webui.tab.pieces import render_empty, render_notes, render_prompt, render_rows

if TYPE_CHECKING:
    from counterprompt.report.answers import Reading
    from counterprompt.webui.tab.words import Words

_UNTOLD: Final = frozenset({"none", "unknown", ""})
_MOST_FIELDS: Final = 200


def render_reading(reading: Reading, words: Words) -> str:
    """Render the embedded prompts and parameters, who wrote them, and what was wrong with them."""
    notes = render_notes(map(words, reading.notes))
    if reading.params is None:
        nothing = words("This picture holds no generation parameters. What it shows can still be told by the tagger.")
        return f"{render_empty(nothing)}{notes}"
    params = reading.params
    prompts = render_prompt(words("Prompt"), params.prompt, words) + render_prompt(
        words("Negative prompt"), params.negative_prompt, words
    )
    fields = render_rows(params.fields[:_MOST_FIELDS], words("Embedded parameters"))
    return f'{_origin(reading, words)}{prompts}<div class="cp-fields">{fields}</div>{notes}'


def _origin(reading: Reading, words: Words) -> str:
    program = words("an unknown program") if reading.program in _UNTOLD else reading.program
    size = f"{reading.width}×{reading.height}" if reading.width else ""
    told = words("Written by {program}", program=program)
    return f'<p class="cp-origin">{shown_text(" · ".join(filter(None, (told, words(reading.place), size))))}</p>'
