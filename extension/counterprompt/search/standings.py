"""How the candidates of a running search stand, for whoever wants to watch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol, runtime_checkable

if TYPE_CHECKING:
    from counterprompt.ports import GenerationRequest
    from counterprompt.search.candidate import Candidate

MOST_LEADERS: Final = 5
"""How many candidates are told."""


@dataclass(frozen=True)
class Standing:
    """One of the best candidates so far."""

    request: GenerationRequest
    """What it asks for, with the baseline's seed."""
    believed: float
    """What it is worth by all pictures so far, in units of the baseline's spread."""
    seeds: tuple[int, ...]
    """Search seeds that it was tried on."""


@runtime_checkable
class StandingsListener(Protocol):
    """A progress listener that also wants to know who leads."""

    def hear_standings(self, baseline: GenerationRequest, standings: tuple[Standing, ...], pictures: int) -> None:
        """Hear, after a trial, the best candidates so far, best first, at most `MOST_LEADERS`.

        The baseline, which is worth 0, is none of them. *pictures* is how many the study has asked for.
        """
        ...


@dataclass(frozen=True)
class Tried:
    """A candidate that ran on some seeds, and what it is believed to be worth."""

    candidate: Candidate
    """What was tried."""
    seeds: tuple[int, ...]
    """The seeds of this trial."""
    believed: float
    """In units of the baseline's spread."""


def standings_of(tried: Sequence[Tried], baseline: GenerationRequest) -> tuple[Standing, ...]:
    """Return the best of *tried*, best first; what was believed last of a candidate counts, all its seeds are named."""
    seeds: dict[Candidate, dict[int, None]] = {}
    worth: dict[Candidate, float] = {}
    for each in tried:
        seeds.setdefault(each.candidate, {}).update(dict.fromkeys(each.seeds))
        worth[each.candidate] = each.believed
    best = sorted(worth, key=lambda candidate: -worth[candidate])[:MOST_LEADERS]
    return tuple(Standing(each.render(baseline, baseline.seed), worth[each], tuple(seeds[each])) for each in best)
