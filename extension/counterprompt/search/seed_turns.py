"""Whose turn a search seed is: a candidate that returns runs on seeds it has not seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

SEEDS_PER_TRIAL = 2
"""Seeds that a candidate runs on before the sampler may turn to another: with effects pooled over candidates, many
candidates on few seeds tell more than few on many; one that stays promising comes back for further seeds."""


class SeedTurns:
    """Remembers on which of the search *seeds* every candidate ran.

    A candidate is known by its key, prompt, negative prompt and CFG scale as rendered.
    """

    def __init__(self, seeds: tuple[int, ...]) -> None:
        self._seeds = seeds
        self._tried: dict[tuple[str, str, float], set[int]] = {}

    def note(self, key: tuple[str, str, float], seeds: Iterable[int]) -> None:
        """Remember that the candidate *key* runs on *seeds*."""
        self._tried.setdefault(key, set()).update(seeds)

    def next_for(self, key: tuple[str, str, float], number: int) -> tuple[int, ...]:
        """Choose the seeds of trial *number*: all for the baseline, else the next ones that *key* did not run on.

        Trials begin at different seeds, so that all seeds are used alike.
        """
        if number == 0:
            return self._seeds
        begin = number * SEEDS_PER_TRIAL % len(self._seeds)
        order = (*self._seeds[begin:], *self._seeds[:begin])
        fresh = tuple(seed for seed in order if seed not in self._tried.get(key, ()))
        return (fresh or order)[:SEEDS_PER_TRIAL]
