"""The prompt diff as a text table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from counterprompt.tags.classes import DiffClass, Witness

if TYPE_CHECKING:
    from counterprompt.tags.classes import DiffEntry, PromptDiff

CLASS_MEANINGS: Final = {
    DiffClass.LEAKED: "in the negative prompt, yet seen",
    DiffClass.UNEXPECTED: "seen, not asked for",
    DiffClass.MISSING: "asked for, not seen",
    DiffClass.CONFIRMED: "asked for and seen",
    DiffClass.SUPPRESSED: "in the negative prompt and not seen",
    DiffClass.UNOBSERVABLE: "not judged: no tagger or probe knows it, or none is sure",
}
"""The classes in the order of their news value, with what they mean."""

_HEADINGS: Final = ("tag", "weight", "seen", "by", "prompt")
_WIDEST: Final = 48
"""Characters of a tag; a longer one is cut."""


def render_diff_table(diff: PromptDiff) -> str:
    """Write *diff* as aligned columns, class by class; "" for an empty diff.

    Control characters of the tags become visible, so that none can steer a terminal.
    """
    rows = {diff_class: [_row(entry) for entry in diff.of_class(diff_class)] for diff_class in CLASS_MEANINGS}
    shown = [_HEADINGS, *(row for group in rows.values() for row in group)]
    widths = [max(len(row[column]) for row in shown) for column in range(len(_HEADINGS))]
    lines = [_aligned(_HEADINGS, widths)] if diff.entries else []
    for diff_class, group in rows.items():
        if group:
            lines += [
                "",
                f"{diff_class.value}: {CLASS_MEANINGS[diff_class]}",
                *(_aligned(row, widths) for row in group),
            ]
    return "\n".join(lines)


def _row(entry: DiffEntry) -> tuple[str, ...]:
    tag = "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in entry.tag)
    tag = tag if len(tag) <= _WIDEST else f"{tag[: _WIDEST - 1]}…"
    seen = f"{entry.confidence:.0%}" if entry.confidence else "-"
    witness = "nobody" if entry.witness is Witness.NOBODY else entry.witness.value
    side = "-" if entry.diff_class is DiffClass.UNEXPECTED else "negative" if entry.is_negated else "positive"
    return (tag, f"{entry.weight:.2f}", seen, witness, side)


def _aligned(row: tuple[str, ...], widths: list[int]) -> str:
    return "  " + "  ".join(text.ljust(width) for text, width in zip(row, widths)).rstrip()
