"""The comparison of prompts, running or done, as HTML."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from counterprompt.report.charts import draw_intervals
from counterprompt.report.chips import shown_text
from counterprompt.report.pictures import image_tag
from counterprompt.search.comparison_result import settled_choice
from counterprompt.webui.tab.pieces import render_note, say

if TYPE_CHECKING:
    from counterprompt.search.comparison_result import Comparison, VariantResult
    from counterprompt.webui.tab.comparison_desk import ComparisonStatus
    from counterprompt.webui.tab.words import Words

_TITLES: Final = {"embedded": "Embedded prompt", "reverse": "Reverse tags", "merge": "Merged prompt"}
_SHOWN: Final = 4
"""Pictures of each prompt."""


def render_comparison(status: ComparisonStatus, words: Words) -> str:
    """Render where the comparison stands, and what it found: differences with intervals, and first pictures."""
    if status.state == "none":
        return ""
    kind = "error" if status.state == "failed" else "info"
    news = render_note(" ".join(map(words, status.message.splitlines())), kind) if status.message else ""
    if status.found is not None:
        return f'<div class="cp-compared">{_found(status.found, status.advised, words)}{news}</div>'
    count = words("{pictures} of at most {budget} pictures", pictures=status.done, budget=status.total)
    said = f"{words(status.state)} · {count}"
    busy = int(status.state == "running")
    return f'<div data-cp-busy="{busy}"><p class="cp-progress" role="status">{shown_text(said)}</p>{news}</div>'


def told_verdict(found: Comparison, advised: str, words: Words) -> str:
    """Say in one sentence which prompt to use and how sure that is."""
    use, seeds = words(_TITLES[settled_choice(found, advised)]), len(found.seeds)
    if not found.is_decided:
        tied = ", ".join(words(_TITLES[name]) for name in found.tied)
        template = "Use this: {use}. On {seeds} seeds these cannot be told apart beyond doubt: {tied}."
        return words(template, use=use, seeds=seeds, tied=tied)
    lead = found.results[1].lead
    assert lead is not None
    return words(
        "Use this: {use}. On {seeds} seeds it leads the next by {lead} σ (95 % interval {low} to {high}).",
        use=use,
        seeds=seeds,
        lead=f"{lead.mean:.2f}",
        low=f"{lead.low:.2f}",
        high=f"{lead.high:.2f}",
    )


def _found(found: Comparison, advised: str, words: Words) -> str:
    from counterprompt.report.content import Control  # what a report tells is loaded with the first result

    rows = [
        Control(words(_TITLES[each.variant.name]), "", -each.lead.mean, (-each.lead.high, -each.lead.low))
        if each.lead
        else Control(words(_TITLES[each.variant.name]), "", 0.0, (0.0, 0.0))
        for each in found.results
    ]
    name = words("Gains with 95 % intervals")
    plot = draw_intervals(rows, words(_TITLES[found.results[0].variant.name]), name=name)
    cards = "".join(_card(each, words) for each in found.results)
    return (
        f'<p class="cp-headline"><strong>{shown_text(told_verdict(found, advised, words))}</strong></p>'
        f'<div class="cp-plot">{plot}</div><div class="cp-cards">{cards}</div>'
    )


def _card(result: VariantResult, words: Words) -> str:
    title = _TITLES[result.variant.name]
    pictures = "".join(image_tag(each.image, words(title)) for each in result.pictures[:_SHOWN])
    return f'<section class="cp-card"><h3>{say(words, title)}</h3><div class="cp-strip">{pictures}</div></section>'
