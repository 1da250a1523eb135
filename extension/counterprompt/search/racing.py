"""Racing: a losing candidate is stopped before it has used all of its seeds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counterprompt.search.statistics import is_probably_worse

if TYPE_CHECKING:
    from collections.abc import Sequence

RACING_P = 0.3
"""One-sided p below which a candidate is stopped: few seeds cannot reach strict levels."""


def seed_blocks(seeds: Sequence[int], batch_size: int) -> list[tuple[int, ...]]:
    """Cut *seeds* into blocks after each of which a candidate may be stopped.

    Blocks of 2, 2, 4, 4, ... waste the fewest pictures; a generator that takes four or more at once gets fours.
    """
    first, blocks, at = (2 if batch_size < 4 else 4), [], 0
    while at < len(seeds):
        size = first if at < 4 else 4
        blocks.append(tuple(seeds[at : at + size]))
        at += size
    return blocks


def is_losing(values: Sequence[float], incumbent: Sequence[float], p_threshold: float = RACING_P) -> bool:
    """Say whether a candidate with *values* so far should be stopped.

    *values* and *incumbent* are objective values on the same seeds in the same order; the incumbent has been
    evaluated on all seeds, so it has at least as many.
    """
    return is_probably_worse([value - best for value, best in zip(values, incumbent)], p_threshold)
