"""The comparison of prompts as one HTML page, with every picture in it, and as JSON."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from counterprompt.report.charts import draw_intervals
from counterprompt.report.chips import shown_text
from counterprompt.report.content import Control
from counterprompt.report.page import wrap_page
from counterprompt.report.pictures import image_tag
from counterprompt.search.comparison_result import COMPONENTS, settled_choice
from counterprompt.whole_files import naming_the_remedy, replace_text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from PIL import Image

    from counterprompt.search.comparison_result import ComparedPicture, Comparison, VariantResult

_TITLES = {"embedded": "embedded prompt", "reverse": "reverse tags", "merge": "merged prompt"}
_SHOWN = 12
"""Pictures of each prompt on the page."""


def comparison_answer(comparison: Comparison, advised: str) -> dict[str, Any]:
    """Answer of `compare`: what to use, whether that is beyond doubt, and each prompt's figures, best first."""
    return {
        "use": settled_choice(comparison, advised),
        "advised": advised,
        "decided": comparison.is_decided,
        "stopped": comparison.is_stopped,
        "goal": comparison.goal,
        "seeds": list(comparison.seeds),
        "prompts": [_result_answer(result) for result in comparison.results],
    }


def write_comparison(
    comparison: Comparison, reference: Image.Image, advised: str, path: Path, remarks: Sequence[str] = ()
) -> None:
    """Write the page of `render_comparison` to *path*, whose folder is made where it is missing.

    Raises:
        InvalidInputError: it cannot be written.
    """
    with naming_the_remedy(path, "name another with --page"):
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_text(path, render_comparison(comparison, reference, advised, remarks), errors="replace")


def verdict_of(comparison: Comparison, advised: str) -> str:
    """Say in one sentence which prompt to use and how sure that is."""
    use, seeds = _title(settled_choice(comparison, advised)), _seeds(comparison)
    if not comparison.is_decided:
        tied = " and ".join(_title(name) for name in comparison.tied)
        return f"Use the {use}: on {seeds} the {tied} cannot be told apart beyond doubt."
    runner_up = comparison.results[1]
    assert runner_up.lead is not None
    low, high = runner_up.lead.low, runner_up.lead.high
    return (
        f"Use the {use}: on {seeds} it leads the {_title(runner_up.variant.name)} by "
        f"{runner_up.lead.mean:.2f} σ (95 % interval {low:.2f} to {high:.2f})."
    )


def render_comparison(comparison: Comparison, reference: Image.Image, advised: str, remarks: Sequence[str] = ()) -> str:
    """Render the page: verdict, *remarks*, intervals, every prompt with its pictures beside the dropped one."""
    use = settled_choice(comparison, advised)
    badge = '<span class="badge">Decided</span>' if comparison.is_decided else '<span class="badge none">Close</span>'
    shown = image_tag(reference, "The dropped picture")
    notes = "".join(f'<p class="note">{shown_text(remark)}</p>' for remark in remarks)
    return wrap_page(
        f"use the {_title(use)}",
        f'<div class="hero"><div>{badge}<h1>Use the {escape(_title(use))}.</h1>'
        f'<p class="lead">{escape(verdict_of(comparison, advised))}</p>{notes}</div>'
        f"<figure>{shown}<figcaption>The dropped picture</figcaption></figure></div>"
        f"{_intervals(comparison)}{''.join(map(_section, comparison.results))}",
    )


def _seeds(comparison: Comparison) -> str:
    count = len(comparison.seeds)
    stopped = f" of {comparison.planned} seeds, where it was stopped,"
    return f"{count}{stopped if comparison.is_stopped else ' seeds'}"


def _intervals(comparison: Comparison) -> str:
    rows = [
        Control(_title(each.variant.name), "", -each.lead.mean, (-each.lead.high, -each.lead.low))
        if each.lead
        else Control(_title(each.variant.name), "", 0.0, (0.0, 0.0))
        for each in comparison.results
    ]
    best = _title(comparison.results[0].variant.name)
    return (
        '<section><h2>How they compare</h2><p class="note">Differences from the best on the same seeds with their '
        "95 % intervals, in standard deviations between pictures of one prompt, weighed for the goal "
        f"{escape(comparison.goal)}. Defects of the dropped picture count neither for nor against a prompt; others "
        f"count against it.</p>"
        f'<div class="card" style="margin-top:18px">{draw_intervals(rows, best)}</div></section>'
    )


def _section(result: VariantResult) -> str:
    tiles = "".join(_tile(name, result.mean(name), result.interval(name)) for name in COMPONENTS)
    texts = (("Prompt", result.variant.prompt), ("Negative prompt", result.variant.negative_prompt))
    fields = "".join(
        f'<div class="field"><div><span class="label">{label}</span></div><pre>{escape(text)}</pre></div>'
        for label, text in texts
    )
    cards = "".join(map(_card, result.pictures[:_SHOWN]))
    return (
        f"<section><h2>{escape(_title(result.variant.name).capitalize())}</h2>"
        f'<div class="two even">{fields}</div><div class="tiles num">{tiles}</div>'
        '<p class="note">First seeds in order. Left: resemblance to the dropped picture; right: agreement of tags.</p>'
        f'<div class="pairs">{cards}</div></section>'
    )


def _tile(name: str, mean: float, interval: tuple[float, float]) -> str:
    low, high = interval
    return f'<div class="tile"><b>{mean:.2f}</b><span>{escape(name)}, mean; 95 %: {low:.2f} to {high:.2f}</span></div>'


def _card(picture: ComparedPicture) -> str:
    return (
        f'<figure class="pair">{image_tag(picture.image, f"Seed {picture.seed}")}'
        f"<figcaption><span>{picture.resemblance:.2f}</span><span>{picture.agreement:.2f}</span></figcaption></figure>"
    )


def _title(name: str) -> str:
    return _TITLES.get(name, name)


def _result_answer(result: VariantResult) -> dict[str, Any]:
    lead = result.lead
    return {
        "name": result.variant.name,
        "prompt": result.variant.prompt,
        "negative_prompt": result.variant.negative_prompt,
        "means": {name: round(result.mean(name), 4) for name in COMPONENTS},
        "ci95": {name: [round(end, 4) for end in result.interval(name)] for name in COMPONENTS},
        "behind_best": None if lead is None else {"mean": lead.mean, "ci95": [lead.low, lead.high]},
    }
