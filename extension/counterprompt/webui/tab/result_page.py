"""What a study found, as HTML: the proof, the fields to use, what mattered."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

from counterprompt.report.charts import draw_intervals, draw_rail, widest_end
from counterprompt.report.chips import shown_text
from counterprompt.report.pictures import picture_tag
from counterprompt.report.story import median_pair
from counterprompt.webui.tab.empty_page import no_result
from counterprompt.webui.tab.pieces import render_prompt, say
from counterprompt.webui.tab.verdict_words import told_reasons, told_verdict

if TYPE_CHECKING:
    from pathlib import Path

    from counterprompt.report.content import EffectRow, FieldValues, ReportContent
    from counterprompt.webui.tab.words import Words

_MOST_EFFECTS: Final = 8
_PROOF_WIDTH: Final = 640.0
"""Of the drawing, which stands beside the pictures."""


def render_result(content: ReportContent | None, folder: Path | None, words: Words) -> str:
    """Render what the study in *folder* found; without one a sentence."""
    if content is None or folder is None:
        return no_result(words)
    title = words("Gain proven") if content.is_gain else words("No gain")
    kind = "good" if content.is_gain else "none"
    why = "".join(f'<p class="cp-hint">{shown_text(each)}</p>' for each in told_reasons(content, words))
    return (
        f'<div class="cp-result"><p class="cp-headline"><span class="cp-badge cp-{kind}">{shown_text(title)}</span> '
        f"<strong>{shown_text(told_verdict(content, words))}</strong></p>{why}"
        f'{_choices(content, words)}<div class="cp-run-parts"><div>{_duel(content, folder, words)}</div>'
        f"<div>{_proof(content, words)}{_effects(content, words)}</div></div>"
        f"{_fields(content, words)}{_faults(content, words)}</div>"
    )


def render_report(page: str, words: Words) -> str:
    """Render a whole report *page* in a frame that can reach nothing of the host's page."""
    title = say(words, "The report of the study")
    held = escape(page, quote=True)
    return f'<iframe class="cp-report" title="{title}" sandbox="allow-scripts" srcdoc="{held}"></iframe>'


def _duel(content: ReportContent, folder: Path, words: Words) -> str:
    pair = median_pair(content.pairs)
    if pair is None:
        return ""
    other = words("Winner") if content.is_gain else words("Best candidate")
    sides = ((pair.baseline, words("Your settings")), (pair.winner, other))
    figures = "".join(
        f'<figure><div class="cp-frame">{picture_tag(folder, name, title)}</div>'
        f"<figcaption>{shown_text(title)}</figcaption></figure>"
        for name, title in sides
    )
    note = words("Seed {seed}, the middle one: on half of the seeds the difference is larger.", seed=pair.seed)
    return f'<div class="cp-duel">{figures}</div><p class="cp-hint">{shown_text(note)}</p>'


def _choices(content: ReportContent, words: Words) -> str:
    said = content.own_choices.sentences if content.own_choices else ()
    return "".join(f'<p class="cp-hint">{shown_text(words(each))}</p>' for each in said)


def _proof(content: ReportContent, words: Words) -> str:
    from counterprompt.report.content import Control  # what a report tells is loaded with the first result

    proof = content.held_out
    name = words("Winner") if content.is_gain else words("Best candidate")
    rows = [Control(name, "", proof.gain, proof.ci95), *content.controls]
    shown = [Control(words(row.name), "", row.gain, row.ci95) for row in rows]
    drawn = draw_intervals(shown, words("your settings"), _PROOF_WIDTH, words("Gains with 95 % intervals"))
    return f'<h4>{say(words, "The proof")}</h4><div class="cp-plot">{drawn}</div>'


def _fields(content: ReportContent, words: Words) -> str:
    use, was = content.winner, content.baseline
    if not content.is_gain:
        tried = content.candidate
        other = _card(tried, words("Best candidate, not proven better"), words, is_chosen=False) if tried else ""
        return f'<div class="cp-cards cp-two">{_card(was, words("Your settings"), words, is_chosen=True)}{other}</div>'
    return (
        f'<div class="cp-cards cp-two">{_card(use, words("Winner"), words, is_chosen=True)}'
        f"{_card(was, words('Your settings'), words, is_chosen=False)}</div>"
    )


def _card(values: FieldValues, title: str, words: Words, *, is_chosen: bool) -> str:
    numbers = [
        (words("CFG scale"), f"{values.cfg_scale:g}"),
        *((f"LoRA {name}", f"{each:g}") for name, each in values.loras),
    ]
    shown = "".join(f"<li><span>{shown_text(label)}</span> <b>{shown_text(text)}</b></li>" for label, text in numbers)
    return (
        f'<section class="cp-card{" cp-chosen" if is_chosen else ""}" aria-label="{shown_text(title)}">'
        f"<h3>{shown_text(title)}</h3>{render_prompt(words('Negative prompt'), values.negative_prompt, words)}"
        f'{render_prompt(words("Prompt"), values.prompt, words)}<ul class="cp-values">{shown}</ul></section>'
    )


def _effects(content: ReportContent, words: Words) -> str:
    if not content.effects:
        return ""
    rows = content.effects[:_MOST_EFFECTS]
    widest = widest_end(rows)
    body = "".join(_effect(row, widest, words) for row in rows)
    return f'<h4>{say(words, "What mattered")}</h4><table class="cp-effects"><tbody>{body}</tbody></table>'


def _effect(row: EffectRow, widest: float, words: Words) -> str:
    used = "" if row.is_used else f" <small>{say(words, 'left out')}</small>"
    return (
        f'<tr class="cp-{row.direction}"><td>{shown_text(words(row.name))}{used}</td>'
        f'<td class="cp-track"><div class="cp-rail">{draw_rail(row, widest)}</div></td>'
        f'<td class="cp-num">{row.effect:+.2f} <small>{say(words, row.word)}</small></td></tr>'
    )


def _faults(content: ReportContent, words: Words) -> str:
    if not content.staying:
        return ""
    rows = "".join(
        f"<li><b>{shown_text(words(fault.defect))}</b>: {shown_text(words(fault.text))}</li>"
        for fault in content.staying
    )
    return f'<h4>{say(words, "What no prompt will cure")}</h4><ul class="cp-faults">{rows}</ul>'
