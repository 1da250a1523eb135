"""Plots of the report as inline SVG, coloured by the page's style sheet so that they follow light and dark."""

from __future__ import annotations

import math
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from counterprompt.report.content import Control, EffectRow, HistoryPoint

_HISTORY_WIDTH = 640.0
_INTERVALS_WIDTH = 1000.0


def draw_history(history: Sequence[HistoryPoint], name: str = "Best value so far against pictures generated") -> str:
    """Draw the best value so far against pictures generated, with every candidate as a dot; "" for no candidates.

    *name* is for those who cannot see it.
    """
    points = [point for point in history if math.isfinite(point.value) and math.isfinite(point.best)]
    if not points:
        return ""
    height, left, right, top, bottom = 300.0, 44.0, 14.0, 16.0, 40.0
    low = max(min(0.0, *(point.value for point in points)), -2.0 * max(1.0, points[-1].best))
    high = max(0.1, *(point.best for point in points)) * 1.12
    last = max(point.pictures for point in points) or 1

    def x(pictures: float) -> float:
        return left + (_HISTORY_WIDTH - left - right) * pictures / last

    def y(value: float) -> float:
        return top + (height - top - bottom) * (high - max(low, value)) / (high - low)

    ticks = "".join(_y_tick(value, y(value), left, _HISTORY_WIDTH - right) for value in round_ticks(low, high))
    marks = "".join(
        f'<text x="{x(count):.1f}" y="{height - 18:.0f}" text-anchor="middle">{count:g}</text>'
        for count in round_ticks(0, last)
    )
    dots = "".join(_dot(point, x(point.pictures), y(point.value)) for point in points)
    line = _steps([(x(point.pictures), y(point.best)) for point in points])
    floor = y(low)
    start, end = x(points[0].pictures), x(points[-1].pictures)
    return (
        f'<svg class="plot" viewBox="0 0 {_HISTORY_WIDTH:.0f} {height:.0f}" role="img" '
        f'aria-label="{escape(name)}">{ticks}{marks}'
        f'<path class="area" d="{line} V{floor:.1f} H{start:.1f} Z"/>'
        f'<line class="zero" x1="{left}" x2="{_HISTORY_WIDTH - right}" y1="{y(0):.1f}" y2="{y(0):.1f}"/>{dots}'
        f'<path class="best" d="{line}"/>'
        f'<circle class="peak" cx="{end:.1f}" cy="{y(points[-1].best):.1f}" r="7"/>'
        f'<text x="{(left + _HISTORY_WIDTH - right) / 2:.0f}" y="{height - 1:.0f}" text-anchor="middle">'
        "pictures generated</text></svg>"
    )


def draw_intervals(
    rows: Sequence[Control],
    origin: str = "your settings",
    width: float = _INTERVALS_WIDTH,
    name: str = "Gains with 95 % intervals",
) -> str:
    """Draw each row's mean and 95 % interval on one axis through 0, the first row as the winner; "" for no rows.

    *origin* names what 0 stands for; *width* is that of the drawing in its own units, in which a letter is 13 high;
    *name* is for those who cannot see it.
    """
    if not rows:
        return ""
    left, right, row_height, top = 168.0, 64.0, 44.0, 26.0
    low = min(0.0, *(row.ci95[0] for row in rows))
    high = max(0.0, *(row.ci95[1] for row in rows))
    margin = (high - low) * 0.06 or 0.5
    low, high = low - margin, high + margin
    height = top + row_height * len(rows) + 26

    def x(value: float) -> float:
        return left + (width - left - right) * (value - low) / (high - low)

    bottom = height - 26
    ticks = "".join(
        f'<line class="grid" x1="{x(value):.1f}" x2="{x(value):.1f}" y1="{top}" y2="{bottom}"/>'
        f'<text x="{x(value):.1f}" y="{height - 8:.0f}" text-anchor="middle">{value:g}</text>'
        for value in round_ticks(low, high)
    )
    body = "".join(
        _interval(row, index, top + row_height * (index + 0.5), (x(row.ci95[0]), x(row.gain), x(row.ci95[1])), width)
        for index, row in enumerate(rows)
    )
    return (
        f'<svg class="plot" viewBox="0 0 {width:.0f} {height:.0f}" role="img" '
        f'aria-label="{escape(name)}">{ticks}'
        f'<line class="zero" x1="{x(0):.1f}" x2="{x(0):.1f}" y1="{top - 8}" y2="{bottom}"/>'
        f'<text x="{x(0):.1f}" y="12" text-anchor="middle">{escape(origin)}</text>{body}</svg>'
    )


def widest_end(rows: Sequence[EffectRow]) -> float:
    """Return how far from zero the *rows* reach, above 0, so that all of them can be drawn on one scale."""
    return max((abs(end) for row in rows for end in (*row.ci95, row.effect)), default=0.0) or 1.0


def draw_rail(row: EffectRow, widest: float) -> str:
    """Draw the effect and interval of *row* as marks on a rail from -*widest* to *widest*, HTML to stand inside it."""
    low, mean, high = (50 + 50 * end / widest for end in (row.ci95[0], row.effect, row.ci95[1]))
    return f'<s></s><i style="left:{low:.1f}%;width:{high - low:.1f}%"></i><b style="left:{mean:.1f}%"></b>'


def round_ticks(low: float, high: float, count: int = 5) -> list[float]:
    """List round numbers between *low* and *high*, about *count* of them."""
    rough = (high - low) / count
    if not math.isfinite(rough) or rough <= 0:
        return []
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough)
    return [round(index * step, 10) for index in range(math.ceil(low / step), math.floor(high / step) + 1)]


def _y_tick(value: float, y: float, left: float, right: float) -> str:
    return (
        f'<line class="grid" x1="{left}" x2="{right}" y1="{y:.1f}" y2="{y:.1f}"/>'
        f'<text x="{left - 10:.0f}" y="{y + 4:.1f}" text-anchor="end">{value:g}</text>'
    )


def _dot(point: HistoryPoint, x: float, y: float) -> str:
    return f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="3.5"><title>{point.value:+.2f} σ</title></circle>'


def _steps(points: Sequence[tuple[float, float]]) -> str:
    (x, y), *rest = points
    return f"M{x:.1f} {y:.1f}" + "".join(f" H{px:.1f} V{py:.1f}" for px, py in rest)


def _interval(row: Control, index: int, y: float, xs: tuple[float, float, float], width: float) -> str:
    kind = " w" if index == 0 else ""
    low, mean, high = xs
    strong = ' class="strong"' if index == 0 else ""
    return (
        f'<text{strong} x="0" y="{y + 4:.1f}">{escape(row.name)}</text>'
        f'<line class="span{kind}" x1="{low:.1f}" x2="{high:.1f}" y1="{y:.1f}" y2="{y:.1f}"/>'
        f'<circle class="mean{kind}" cx="{mean:.1f}" cy="{y:.1f}" r="{7 if index == 0 else 5.5}"/>'
        f'<text{strong} x="{width:.0f}" y="{y + 4:.1f}" text-anchor="end">{row.gain:+.2f} σ</text>'
    )
