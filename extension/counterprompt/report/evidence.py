"""The report's sections that show the evidence: intervals, pairs, defects, the search, and how it was measured."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from counterprompt.report.charts import draw_history, draw_intervals
from counterprompt.report.content import Control
from counterprompt.report.verdict import first_proof_told

if TYPE_CHECKING:
    from counterprompt.report.content import ReportContent, SeedPair
    from counterprompt.report.explanations import DefectRate
    from counterprompt.report.story import Show

_PAIRS_AT_ONCE = 20


def render_proof(content: ReportContent, show: Show) -> str:
    """Render the winner's interval with the controls' below it."""
    proof = content.held_out
    name = "Winner" if content.is_gain else "Best candidate"
    rows = [Control(name, content.winner.negative_prompt, proof.gain, proof.ci95), *content.controls]
    share = content.cfg_share
    if share is not None:
        frozen = f"{name}, CFG {share.own_cfg_scale:g}"
        rows.insert(1, Control(frozen, content.winner.negative_prompt, share.gain, share.ci95))
    words = "".join(
        f"<dt>{escape(row.name)}</dt><dd>{escape(row.negative_prompt) or '<i>empty</i>'}</dd>"
        for row in content.controls
    )
    lead = (
        "Every line is measured against your settings on the same seeds, in standard deviations of your own pictures."
    )
    if content.first_proof is not None and content.controls:
        lead += f" The controls were drawn for the first proof, on its {content.first_proof.seeds} seeds."
    return (
        f'<section><h2>The proof</h2><p class="note">{lead}</p>'
        f'<div class="card" style="margin-top:18px">{draw_intervals(rows)}</div>{_cross_checks(content)}'
        f"{f'<details><summary>What the controls are</summary><dl>{words}</dl></details>' if words else ''}</section>"
    )


def _cross_checks(content: ReportContent) -> str:
    """Render how much is luck and guidance, what the auditor says and what you chose; "" where none is known."""
    found = []
    if content.first_proof is not None:
        found.append((first_proof_told(content), "is-base", "second proof"))
    if content.held_out.luck_told:
        found.append((content.held_out.luck_told, "is-base", "luck of the seeds"))
    if content.cfg_share is not None:
        found.append((content.cfg_share.sentence, "is-base", "share of CFG"))
    if content.audit is not None:
        kind = {"better": "is-win", "worse": "bad"}.get(content.audit.word, "is-base")
        found.append((content.audit.sentence, kind, f"auditor: {content.audit.word}"))
    if content.own_choices is not None:
        found += [(sentence, "is-win", "your choices") for sentence in content.own_choices.sentences]
    rows = "".join(
        f'<li><span>{escape(text)}</span><code class="{kind}">{escape(label)}</code></li>'
        for text, kind, label in found
    )
    return f'<ul class="reasons">{rows}</ul>' if rows else ""


def render_pairs(content: ReportContent, show: Show) -> str:
    """Render every held-out seed, both sides; those past the first rows fold away."""
    if not content.pairs:
        return ""
    other = "winner" if content.is_gain else "best candidate"
    cards = [_pair(pair, show, other) for pair in content.pairs]
    first, rest = cards[:_PAIRS_AT_ONCE], cards[_PAIRS_AT_ONCE:]
    fold = f"<details><summary>Show the other {len(rest)} seeds</summary>"
    more = f'{fold}<div class="pairs">{"".join(rest)}</div></details>'
    return (
        '<section><h2>Seed by seed</h2><p class="note">Held-out seeds in order, none left out. '
        "The number is the difference on that seed.</p>"
        f'<div class="key"><span class="is-base"><i></i>left: your settings</span>'
        f'<span class="is-win"><i></i>right: {other}</span></div>'
        f'<div class="pairs">{"".join(first)}</div>{more if rest else ""}</section>'
    )


def _pair(pair: SeedPair, show: Show, other: str) -> str:
    before, after = (
        show(pair.baseline, f"Your settings, seed {pair.seed}"),
        show(pair.winner, f"{other}, seed {pair.seed}"),
    )
    kind = "up" if pair.gain > 0 else "down"
    return (
        f'<figure class="pair"><div>{before}{after}</div>'
        f'<figcaption><span>seed {pair.seed}</span><span class="{kind}">{pair.gain:+.1f}</span></figcaption></figure>'
    )


def render_defects(content: ReportContent, show: Show) -> str:
    """Render defect rates of both sides: the judge's true ones where there is a judge, and the scorer's."""
    cards = ""
    if content.judged:
        lead = f"True rates from a judge the search never saw, {content.judged_pictures} pictures each"
        cards += f'<div class="card"><h3>{lead}</h3>{_rates(content.judged)}</div>'
    if content.probes:
        cards += f'<div class="card"><h3>As the scorer sees it, mean probability</h3>{_rates(content.probes)}</div>'
    if not cards:
        return ""
    other = "winner" if content.is_gain else "best candidate"
    return (
        '<section><h2>Which defects went away</h2><div class="key">'
        f'<span class="is-base"><i></i>your settings</span><span class="is-win"><i></i>{other}</span></div>'
        f'<div class="two even">{cards}</div></section>'
    )


def _rates(rates: tuple[DefectRate, ...]) -> str:
    return f'<table class="rates">{"".join(_rate(rate) for rate in rates)}</table>'


def _rate(rate: DefectRate) -> str:
    before, after = 100 * min(1.0, max(0.0, rate.baseline)), 100 * min(1.0, max(0.0, rate.winner))
    kind = "better" if after <= before else "worse"
    return (
        f'<tr><td>{escape(rate.defect)}</td><td class="track"><div class="rail">'
        f'<i class="{kind}" style="left:{min(before, after):.1f}%;width:{abs(before - after):.1f}%"></i>'
        f'<b class="b0" style="left:{before:.1f}%"></b><b class="b1" style="left:{after:.1f}%"></b></div></td>'
        f'<td><span class="is-base">{rate.baseline:.0%}</span> → '
        f'<span class="is-win">{rate.winner:.0%}</span></td></tr>'
    )


def render_search(content: ReportContent, show: Show) -> str:
    """Render the history of the search and what mattered in it."""
    plot = draw_history(content.history)
    if not plot:
        return ""
    note = (
        f"{len(content.history)} candidates, each a dot for its few pictures; the line is what the best so far is "
        "worth by all pictures together. Dashed: your settings."
    )
    return (
        f'<section><h2>The search</h2><p class="note">{note}</p>'
        '<div class="card" style="margin-top:18px;max-width:760px"><h3>Best so far, on the search seeds, in σ</h3>'
        f"{plot}</div></section>"
    )


def render_measured(content: ReportContent, show: Show) -> str:
    """Render how the numbers came about."""
    if not content.measured:
        return ""
    rows = "".join(f"<dt>{escape(label)}</dt><dd>{escape(text)}</dd>" for label, text in content.measured)
    return f"<section><h2>How it was measured</h2><dl>{rows}</dl></section>"
