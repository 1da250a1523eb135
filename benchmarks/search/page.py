"""The page: curves of every method, the bars and the tables, in one HTML file without any library."""

from __future__ import annotations

import html
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchmarks.search.curves import Curve, draw_curves
from benchmarks.search.evidence import tasks_in_order
from benchmarks.search.figures import bootstrap, mean_of_means, median_of_all
from benchmarks.search.reporting import bar_rows, method_rows, task_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.search.bars import Bars
    from benchmarks.search.evidence import Evidence

_STYLE: Final = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem;color:#1c2330}"
    "table{border-collapse:collapse;margin:1rem 0;font-size:.9rem}td,th{border:1px solid #ccd3de;padding:.3rem .6rem;"
    "text-align:left;vertical-align:top}th{background:#eef1f6}figure{margin:1rem 0}figcaption{color:#556}"
    "svg{max-width:100%;height:auto}h2{margin-top:2rem}"
)


def write_page(path: Path, bars: Bars, evidence: Evidence, counts: str) -> None:
    """Write the page to *path*."""
    parts = [
        f"<h1>How good the search is</h1><p>{html.escape(counts)}</p>",
        "<h2>Held-out gain against pictures</h2>",
        _figure("all tasks with something to gain", _median_curves(bars, evidence)),
        "<h2>The bars</h2>",
        _table(bar_rows(bars.all())),
        "<h2>Methods: share of the best known gain</h2>",
        _table(method_rows(bars, evidence.budgets)),
        "<h2>Tasks: mean true gain</h2>",
        _table(task_rows(bars, evidence)),
        *_task_figures(bars, evidence),
    ]
    body = "\n".join(parts)
    head = f'<meta charset="utf-8"><title>Search benchmark</title><style>{_STYLE}</style>'
    path.write_text(f'<!doctype html><html lang="en"><head>{head}</head><body>{body}</body></html>\n', encoding="utf-8")


def _median_curves(bars: Bars, evidence: Evidence) -> list[Curve]:
    curves = []
    for method in bars.methods():
        points = []
        for budget in evidence.budgets:
            groups = bars.shares(method, budget)
            if groups:
                low, high = bootstrap(groups, median_of_all)
                points.append((float(budget), median_of_all(groups), low, high))
        curves.append(Curve(method, tuple(points)))
    return curves


def _task_figures(bars: Bars, evidence: Evidence) -> list[str]:
    parts = []
    for task in tasks_in_order(bars.best):
        curves = []
        for method in bars.methods():
            points = []
            for budget in evidence.budgets:
                gains = [one.truth.gain.mean for one in bars.of(method, budget) if one.run.task == task.name]
                if gains:
                    points.append((float(budget), mean_of_means([gains]), min(gains), max(gains)))
            curves.append(Curve(method, tuple(points)))
        parts.append(f"<h3>{html.escape(task.name)}</h3><p>{html.escape(task.purpose)}</p>")
        parts.append(_figure(f"best known {bars.best[task.name]:+.2f}", curves))
    return parts


def _figure(caption: str, curves: Sequence[Curve]) -> str:
    return f"<figure>{draw_curves(curves)}<figcaption>{html.escape(caption)}</figcaption></figure>"


def _table(rows: Sequence[str]) -> str:
    lines = [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]
    head = "".join(f"<th>{html.escape(cell)}</th>" for cell in lines[0])
    body = "".join("<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in line) + "</tr>" for line in lines[2:])
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
