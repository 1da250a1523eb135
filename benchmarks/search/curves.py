"""Curves as inline SVG."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

_WIDTH: Final = 760
_HEIGHT: Final = 340
_LEFT, _RIGHT, _TOP, _BOTTOM = 60, 180, 20, 45
_COLOURS: Final = ("#0b6e4f", "#c0392b", "#e08e0b", "#5b6abf", "#8e44ad", "#7f8c8d", "#2c3e50", "#b5651d", "#d6336c")


@dataclass(frozen=True)
class Curve:
    """One method's line."""

    name: str
    """What it is called."""
    points: tuple[tuple[float, float, float, float], ...]
    """Pictures, value, and the lower and upper end of its interval."""


def draw_curves(curves: Sequence[Curve]) -> str:
    """Draw *curves* over pictures (from 0) with their intervals as bars, and name each at its end."""
    shown = [curve for curve in curves if curve.points]
    if not shown:
        return "<p>Nothing measured yet.</p>"
    values = [value for curve in shown for point in curve.points for value in point[1:]]
    most = max(point[0] for curve in shown for point in curve.points)
    frame = _Frame(most, min(0.0, *values), max(0.1, *values))
    lines = [frame.axes(sorted({point[0] for curve in shown for point in curve.points}))]
    lines += [frame.curve(curve, number) for number, curve in enumerate(shown)]
    return (
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="gain against pictures" '
        f'font-family="system-ui,sans-serif" font-size="12">{"".join(lines)}</svg>'
    )


@dataclass(frozen=True)
class _Frame:
    most: float
    low: float
    high: float

    def x(self, pictures: float) -> float:
        return _LEFT + pictures / self.most * (_WIDTH - _LEFT - _RIGHT)

    def y(self, value: float) -> float:
        return _TOP + (self.high - value) / (self.high - self.low) * (_HEIGHT - _TOP - _BOTTOM)

    def axes(self, ticks: Sequence[float]) -> str:
        right, bottom = self.x(self.most), _HEIGHT - _BOTTOM
        parts = [f'<line x1="{_LEFT}" y1="{bottom}" x2="{right:.1f}" y2="{bottom}" stroke="#556"/>']
        for tick in ticks:
            parts.append(f'<text x="{self.x(tick):.1f}" y="{bottom + 18}" text-anchor="middle">{tick:.0f}</text>')
        parts.append(f'<text x="{(_LEFT + right) / 2:.1f}" y="{bottom + 36}" text-anchor="middle">pictures</text>')
        for step in range(5):
            value = self.low + (self.high - self.low) * step / 4
            height = self.y(value)
            parts.append(f'<line x1="{_LEFT}" y1="{height:.1f}" x2="{right:.1f}" y2="{height:.1f}" stroke="#e3e7ee"/>')
            parts.append(f'<text x="{_LEFT - 8}" y="{height + 4:.1f}" text-anchor="end">{value:.2f}</text>')
        return "".join(parts)

    def curve(self, curve: Curve, number: int) -> str:
        colour = _COLOURS[number % len(_COLOURS)]
        shift = (number - 3) * 2
        places = [(self.x(point[0]) + shift, *map(self.y, point[1:])) for point in curve.points]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y, _, _ in places)
        parts = [f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>']
        for x, y, low, high in places:
            parts.append(f'<line x1="{x:.1f}" y1="{low:.1f}" x2="{x:.1f}" y2="{high:.1f}" stroke="{colour}"/>')
            parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>')
        legend, name = 24 + number * 18, html.escape(curve.name)
        left = _WIDTH - _RIGHT + 20
        parts.append(f'<rect x="{left}" y="{legend - 9}" width="12" height="10" fill="{colour}"/>')
        parts.append(f'<text x="{left + 18}" y="{legend}">{name}</text>')
        return "".join(parts)
