"""One line of the table of bars."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.search.figures import wilson


@dataclass(frozen=True)
class Bar:
    """One line of the table."""

    name: str
    """What is asked for."""
    wanted: str
    """The bar."""
    found: str
    """What was measured, with its interval."""
    count: str
    """What it rests on."""
    is_met: bool | None
    """Whether it is met; None where it could not be measured."""
    missed_by: str = ""
    """By how much, where it is missed."""


def share_bar(
    name: str, wanted: str, hits: int, count: int, *, at_least: float | None = None, at_most: float | None = None
) -> Bar:
    """Return the bar of a share that is to be *at_least* or *at_most* so large, 0 to 1, with Wilson's interval."""
    if count == 0:
        return Bar(name, wanted, "not measured", "0 runs", None)
    share, (low, high) = hits / count, wilson(hits, count)
    short = max(0.0, (at_least or 0.0) - share, share - (1.0 if at_most is None else at_most))
    missed = f"{short:.1%} points" if short > 0 else ""
    return Bar(name, wanted, f"{share:.1%} ({low:.1%} to {high:.1%})", f"{hits} of {count} runs", short == 0, missed)
