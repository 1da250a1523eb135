"""The report's sections that tell the outcome: the verdict, the fields to use, and what was read from the picture."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import TYPE_CHECKING

from counterprompt.report.chips import render_chips
from counterprompt.report.explanations import ANY_DEFECT
from counterprompt.report.verdict import further_reason, second_proof_advice, verdict_sentence

if TYPE_CHECKING:
    from counterprompt.report.content import FieldValues, ReportContent, SeedPair
    from counterprompt.report.picture_record import PictureRecord

Show = Callable[[str, str], str]
"""Picture name and alternative text to an `<img>`, or "" where there is none."""

_ADVICE = {
    "embedded": "Use the embedded prompt",
    "reverse": "Use the reverse tags",
    "merge": "Merge the embedded prompt with the tags",
}


def render_hero(content: ReportContent, show: Show) -> str:
    """Render the verdict, the numbers behind it, and the pair at the median gain."""
    badge = '<span class="badge">Gain proven</span>' if content.is_gain else '<span class="badge none">No gain</span>'
    reason = further_reason(content)
    why = "".join(f'<p class="note">{escape(each)}</p>' for each in (reason, second_proof_advice(content)) if each)
    return (
        f'<div class="hero"><div>{badge}<h1>{escape(_headline(content))}</h1>'
        f'<p class="lead">{escape(verdict_sentence(content))}</p>{why}</div>{_duel(content, show)}</div>'
        f'<div class="tiles num">{_tiles(content)}</div>'
    )


def _headline(content: ReportContent) -> str:
    if not content.is_gain:
        return "Keep your settings."
    for rate in content.judged:
        if rate.defect == ANY_DEFECT and rate.winner < rate.baseline:
            return f"Defects fell from {rate.baseline:.0%} of pictures to {rate.winner:.0%}."
    return f"Better on {content.held_out.win_rate:.0%} of seeds it had never seen."


def _duel(content: ReportContent, show: Show) -> str:
    pair = median_pair(content.pairs)
    if pair is None:
        return ""
    before, after = show(pair.baseline, "Your settings"), show(pair.winner, "Winner")
    other = "Winner" if content.is_gain else "Best candidate"
    return (
        f'<div class="duel"><figure>{before}<figcaption>Your settings</figcaption></figure>'
        f"<figure>{after}<figcaption>{other}</figcaption></figure>"
        f'<p class="note">Seed {pair.seed}, the middle one: on half of the seeds the difference is larger.</p></div>'
    )


def median_pair(pairs: tuple[SeedPair, ...]) -> SeedPair | None:
    """Return the pair whose gain is in the middle of all, or None of none: a typical one, not the prettiest."""
    ordered = sorted(pairs, key=lambda pair: pair.gain)
    return ordered[len(ordered) // 2] if ordered else None


def _tiles(content: ReportContent) -> str:
    proof = content.held_out
    tiles = [
        (f"{proof.gain:+.2f} σ", f"gain, 95 % interval {proof.ci95[0]:+.2f} to {proof.ci95[1]:+.2f}"),
        (f"{proof.win_rate:.0%}", f"of {proof.seeds} held-out seeds won"),
    ]
    shown = "".join(
        f'<div class="tile"><b>{escape(value)}</b><span>{escape(label)}</span></div>' for value, label in tiles
    )
    for rate in content.judged[:1]:
        shown += (
            f'<div class="tile"><b><span class="was">{rate.baseline:.0%}</span><span class="arrow">→</span>'
            f"{rate.winner:.0%}</b><span>{escape(rate.defect)}, true rate "
            f"on {content.judged_pictures} pictures each</span></div>"
        )
    return f'{shown}<div class="tile"><b>{content.pictures}</b><span>pictures generated in all</span></div>'


def render_fields(content: ReportContent, show: Show) -> str:
    """Render the exact fields to use, beside what they were."""
    title, lead = "The fields to use", "Paste these into txt2img; everything else stays as it was."
    if not content.is_gain:
        title, lead = "Your fields", "Nothing proved better, so these stay as they are."
    was = _field_card(content.baseline, "was", "Your settings") if content.is_gain else ""
    if not content.is_gain and content.candidate is not None:
        was = _field_card(content.candidate, "was", "Best candidate, not proven better")
    kind = "two even" if was else "two"
    return (
        f'<section><h2>{title}</h2><p class="note">{lead}</p><div class="{kind}">'
        f"{_field_card(content.winner, 'use', 'Winner' if content.is_gain else 'Your settings')}{was}</div></section>"
    )


def _field_card(values: FieldValues, key: str, title: str) -> str:
    kind = "is-win" if key == "use" else "is-base"
    boxes = "".join(
        f'<div class="field"><div><span class="label">{label}</span>'
        f'<button type="button" data-copy="{key}-{index}">Copy</button></div>'
        f'<pre id="{key}-{index}">{escape(text)}</pre></div>'
        for index, (label, text) in enumerate((("Negative prompt", values.negative_prompt), ("Prompt", values.prompt)))
    )
    numbers = [
        ("CFG scale", f"{values.cfg_scale:g}"),
        *((f"LoRA {name}", f"{weight:g}") for name, weight in values.loras),
    ]
    shown = "".join(f"<div><b>{escape(text)}</b><span>{escape(label)}</span></div>" for label, text in numbers)
    others = escape(", ".join(f"{label} {text}" for label, text in values.settings))
    others = f'<p class="others">{others}</p>' if others else ""
    return (
        f'<div class="card"><h3 class="{kind}">{escape(title)}</h3>{boxes}<div class="values">{shown}</div>'
        f"{others}</div>"
    )


def render_reading(content: ReportContent, show: Show) -> str:
    """Render the dropped picture, the advice with its reasons, and the diff as chips; "" where nothing was read."""
    picture = content.picture
    if not (picture.dropped or picture.diff or picture.advice):
        return ""
    shown = show(picture.dropped, "The dropped picture")
    by = f"Written by {escape(picture.program)}." if picture.infotext and picture.program else ""
    embedded = f"<details><summary>Embedded parameters</summary><pre>{escape(picture.infotext)}</pre></details>"
    figure = f"<figure>{shown}<figcaption>{by}{embedded if picture.infotext else ''}</figcaption></figure>"
    return (
        '<section><h2>The picture you dropped</h2><p class="note">What was asked for, against what the tagger sees.</p>'
        f'<div class="read">{figure}<div>{_advice(picture)}{render_chips(picture.diff)}</div></div></section>'
    )


def _advice(picture: PictureRecord) -> str:
    if not picture.advice:
        return ""
    lines = "".join(
        f"<li><span>{escape(reason.text)}</span><code>{escape(reason.rule_id)}</code></li>"
        for reason in picture.reasons
    )
    return f'<h3>{escape(_ADVICE.get(picture.advice, picture.advice))}</h3><ul class="reasons">{lines}</ul>'
