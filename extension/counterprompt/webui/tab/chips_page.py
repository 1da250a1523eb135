"""The prompt diff as chips that can be clicked from one side to the other: what is asked, and what is not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from counterprompt.report.chips import shown_text
from counterprompt.tags.classes import DiffClass, Witness
from counterprompt.tags.table import CLASS_MEANINGS
from counterprompt.webui.tab.pieces import cut, render_empty, say, verbatim

if TYPE_CHECKING:
    from collections.abc import Iterable

    from counterprompt.tags.classes import DiffEntry, PromptDiff
    from counterprompt.webui.tab.words import Words

SIGNS: Final = {
    DiffClass.LEAKED: "!",
    DiffClass.UNEXPECTED: "+",
    DiffClass.MISSING: "?",
    DiffClass.CONFIRMED: "✓",
    DiffClass.SUPPRESSED: "−",
    DiffClass.UNOBSERVABLE: "○",
}
"""A sign for each class, so that colour alone tells nothing."""

MOST_CHIPS: Final = 400
"""Chips that are shown; a picture with more tags is no help to anybody."""


def is_asked(entry: DiffEntry) -> bool:
    """Whether the prompt asks for it."""
    return not entry.is_negated and entry.diff_class is not DiffClass.UNEXPECTED


def render_sides(diff: PromptDiff, words: Words) -> str:
    """Render every tag of *diff* as a button on its side, with a legend; each knows its place in the diff."""
    if not diff.entries:
        return render_empty(words("Neither a prompt nor the tagger says anything of this picture."))
    numbered = list(enumerate(diff.entries))[:MOST_CHIPS]
    asked = _side("asked", words("In the prompt"), [each for each in numbered if is_asked(each[1])], words)
    left = _side("left", words("Not in the prompt"), [each for each in numbered if not is_asked(each[1])], words)
    hint = f'<p class="cp-hint">{say(words, "Click a tag to move it to the other side.")}</p>'
    return f'<div class="cp-diff">{_legend(diff, words)}<div class="cp-sides">{asked}{left}</div>{hint}</div>'


def _legend(diff: PromptDiff, words: Words) -> str:
    rows = "".join(
        f'<li class="cp-c-{kind.value}"><b><span aria-hidden="true">{SIGNS[kind]}</span> '
        f"<span>{say(words, kind.value)}</span> {len(diff.of_class(kind))}</b>"
        f"<span>{say(words, meaning)}</span></li>"
        for kind, meaning in CLASS_MEANINGS.items()
        if diff.of_class(kind)
    )
    agreement = diff.agreement
    lead = (
        ""
        if agreement is None
        else words("{share} of what was asked for and can be seen shows.", share=f"{agreement:.0%}")
    )
    return f'<p class="cp-lead">{shown_text(lead)}</p><ul class="cp-legend">{rows}</ul>'


def _side(name: str, title: str, entries: Iterable[tuple[int, DiffEntry]], words: Words) -> str:
    ordered = sorted(entries, key=lambda each: list(CLASS_MEANINGS).index(each[1].diff_class))
    chips = "".join(_chip(number, entry, words) for number, entry in ordered)
    return (
        f'<section class="cp-side" aria-label="{shown_text(title)}"><h4>{shown_text(title)}</h4>'
        f'<ul class="cp-chips" data-cp-side="{name}" data-cp-empty="{say(words, "nothing")}">{chips}</ul></section>'
    )


def _chip(number: int, entry: DiffEntry, words: Words) -> str:
    kind = entry.diff_class
    seen = f"<small>{entry.confidence:.0%}</small>" if entry.confidence else ""
    judged = words("judged by a probe") if entry.witness is Witness.PROBE else ""
    negated = words("from the negative prompt") if entry.is_negated else ""
    weight = words("weight {weight}", weight=f"{entry.weight:.2f}")
    title = ", ".join(filter(None, (words(kind.value), negated, weight, judged)))
    return (
        f'<li><button type="button" class="cp-chip cp-c-{kind.value}" data-cp-chip="{number}" '
        f'title="{shown_text(title)}"><span aria-hidden="true">{SIGNS[kind]}</span>'
        f'<span class="cp-unseen">{say(words, kind.value)}: </span>{verbatim(cut(entry.tag, 120))}{seen}'
        f"</button></li>"
    )
