"""One bar and what was measured."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class CheckResult:
    """One bar and what was measured."""

    name: str
    """What was measured, in words."""
    bar: str
    """What it should be."""
    measured: str
    """What it is."""
    samples: int
    """Pictures that the figure rests on."""
    passed: bool
    """Whether it meets the bar."""


def result_of_areas(name: str, bar: float, areas: dict[str, float], samples: int) -> CheckResult:
    """Return the result of AUC *areas* by defect, each of which should reach *bar*."""
    text = ", ".join(f"{defect} {area:.3f}" for defect, area in areas.items())
    passed = all(area >= bar for area in areas.values())
    return CheckResult(name, f">= {bar:.2f} each", text, samples, passed)
