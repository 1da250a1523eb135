"""What is known of one finished trial of the search."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import fmean
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from counterprompt.search.candidate import Candidate
    from counterprompt.search.objective import ComponentDeltas


@dataclass(frozen=True)
class SearchTrial:
    """One finished trial."""

    number: int
    """Optuna's number; 0 is the baseline."""
    candidate: Candidate
    """What was tried."""
    params: dict[str, float]
    """The trial's parameters, as Optuna keeps them."""
    seeds: tuple[int, ...]
    """The search seeds it ran on."""
    deltas: tuple[ComponentDeltas, ...]
    """Differences from the baseline on each of them."""
    pictures: int
    """Pictures the study had asked for when the trial was finished."""

    @property
    def value(self) -> float:
        """The objective value: the mean of the totals so far."""
        return fmean(delta.total for delta in self.deltas)
