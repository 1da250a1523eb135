"""The report's sections that explain: what mattered, the usual advice, the guards, and the faults that stayed."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from counterprompt.report.charts import draw_rail, widest_end

if TYPE_CHECKING:
    from collections.abc import Sequence

    from counterprompt.report.content import EffectRow, ReportContent
    from counterprompt.report.explanations import RuleFinding, StayingFault
    from counterprompt.report.story import Show

_SHOWN_AT_ONCE = 10


def render_effects(content: ReportContent, show: Show) -> str:
    """Render what each piece adds, with its interval; the largest first, the others folded away."""
    if not content.effects:
        return ""
    used = [row for row in content.effects if row.is_used]
    others = [row for row in content.effects if not row.is_used]
    widest = widest_end(content.effects)
    best = "winner" if content.is_gain else "best candidate"
    cards = _effect_card(f"In the {best}", used, widest) if used else ""
    if others:
        cards += _effect_card("Tried, and left out" if used else "What was tried", others, widest)
    kind = ' class="two even"' if used and others else ""
    return (
        '<section><h2>What mattered</h2><p class="note">Each line is one word of the negative prompt or one setting. '
        "To the right: pictures get better with it; to the left: worse. The bar is where its effect lies with 95 % "
        "certainty; a bar that crosses the middle can mean nothing at all. Numbers are in σ: one σ is how much your "
        f"own pictures differ from seed to seed.</p><div{kind}>{cards}</div>"
        '<p class="note" style="margin-top:14px">These figures come from the search itself and explain it; proven, on '
        "seeds the search never saw, is the gain of everything together.</p></section>"
    )


def _effect_card(title: str, rows: Sequence[EffectRow], widest: float) -> str:
    first, rest = rows[:_SHOWN_AT_ONCE], rows[_SHOWN_AT_ONCE:]
    more = (
        f"<details><summary>Every other one ({len(rest)})</summary>{_effect_table(rest, widest)}</details>"
        if rest
        else ""
    )
    return (
        f'<div class="card" style="margin-top:18px"><h3>{escape(title)}</h3>{_effect_table(first, widest)}{more}</div>'
    )


def _effect_table(rows: Sequence[EffectRow], widest: float) -> str:
    return f'<table class="rates effects">{"".join(_effect(row, widest) for row in rows)}</table>'


def _effect(row: EffectRow, widest: float) -> str:
    return (
        f'<tr class="{row.direction}"><td>{escape(row.name)}</td>'
        f'<td class="track"><div class="rail">{draw_rail(row, widest)}</div></td>'
        f"<td>{row.effect:+.2f}<small>{row.word}</small></td></tr>"
    )


def render_rules(content: ReportContent, show: Show) -> str:
    """Render the usual advice beside what was found here, what was overruled first."""
    if not content.rule_findings:
        return ""
    rows = "".join(map(_rule, content.rule_findings))
    return (
        '<section><h2>The usual advice, checked</h2><p class="note">Rules of thumb are where the search begins; what '
        f'is measured on your model overrules them.</p><ul class="reasons">{rows}</ul></section>'
    )


def _rule(finding: RuleFinding) -> str:
    kind, word = ("is-win", "holds here") if finding.agrees else ("is-base", "not here")
    return (
        f'<li><span>{escape(finding.advice)} <b class="{kind}">{escape(finding.here)}</b></span>'
        f'<code title="{escape(finding.rule_id)}">{word}</code></li>'
    )


def render_guards(content: ReportContent, show: Show) -> str:
    """Render what must not get worse, and whether it did."""
    if not content.guards:
        return ""
    broken = sum(guard.is_broken for guard in content.guards)
    who = "The winner" if content.is_gain else "The best candidate"
    lead = f"{who} breaks {broken} of them." if broken else f"{who} keeps to all of them."
    count = content.guard_breakers
    others = f" {count} of the {len(content.history)} candidates lost points here." if content.history else ""
    rows = "".join(
        f'<li><span>{escape(guard.text)}</span><code class="{"bad" if guard.is_broken else "good"}">'
        f"{escape(guard.name)}: {'broken' if guard.is_broken else 'kept'}</code></li>"
        for guard in content.guards
    )
    return (
        '<section><h2>What must not get worse</h2><p class="note">Scores go on rising after pictures have broken, so '
        f'these are watched and never rewarded. {lead}{others}</p><ul class="reasons">{rows}</ul></section>'
    )


def render_faults(content: ReportContent, show: Show) -> str:
    """Render the faults that no negative prompt moved, with where to look instead."""
    if not content.staying:
        return ""
    cards = "".join(map(_fault, content.staying))
    return (
        '<section><h2>What no prompt will cure</h2><p class="note">These faults were likely with your settings and '
        "stayed so with the best words that were found. More words will not help; their cause lies elsewhere.</p>"
        f'<div class="faults">{cards}</div></section>'
    )


def _fault(fault: StayingFault) -> str:
    places = "".join(f'<li class="chip">{escape(place)}</li>' for place in fault.places)
    return (
        f'<div class="card"><h3>{escape(fault.defect)}</h3><p class="num">'
        f'<span class="is-base">{fault.baseline:.0%}</span> → <span class="is-win">{fault.winner:.0%}</span>'
        f" likely</p><p>{escape(fault.text)}</p>"
        f'<p class="label">Where to look</p><ul class="chips" title="{escape(fault.rule_id)}">{places}</ul></div>'
    )
