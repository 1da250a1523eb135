"""The prompt diff as HTML chips: everything from outside is escaped, and nothing of it can become markup."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import TYPE_CHECKING

from counterprompt.report.plain_text import without_controls

if TYPE_CHECKING:
    from counterprompt.report.picture_record import TagChip
    from counterprompt.tags.classes import PromptDiff


def shown_text(text: str) -> str:
    """Escape *text* for HTML, in and between tags; control and direction characters become visible."""
    return escape(without_controls(text), quote=True)


def chips_of(diff: PromptDiff) -> tuple[TagChip, ...]:
    """Return one chip for each entry of *diff*, in order."""
    from counterprompt.report.picture_record import TagChip  # who only escapes texts need not load it

    return tuple(
        TagChip(entry.tag, entry.diff_class.value, entry.weight, entry.confidence or None, entry.witness.value)
        for entry in diff.entries
    )


def render_chips(chips: Iterable[TagChip]) -> str:
    """Render *chips* under one heading a class; those of a class that is none are left out."""
    from counterprompt.tags.table import CLASS_MEANINGS  # who only escapes texts need not load it

    listed = tuple(chips)
    return "".join(
        f'<p class="classname c-{diff_class.value}"><b>{diff_class.value}</b><span>{meaning}</span></p>'
        f'<ul class="chips">{"".join(_chip(chip) for chip in listed if chip.diff_class == diff_class.value)}</ul>'
        for diff_class, meaning in CLASS_MEANINGS.items()
        if any(chip.diff_class == diff_class.value for chip in listed)
    )


def _chip(chip: TagChip) -> str:
    sure = "" if chip.confidence is None else f"<small>{chip.confidence:.0%}</small>"
    by = ", judged by a probe" if chip.witness == "probe" else ""
    return (
        f'<li class="chip c-{shown_text(chip.diff_class)}" title="weight {chip.weight:.2f}{by}">'
        f"{shown_text(chip.tag)}{sure}</li>"
    )
