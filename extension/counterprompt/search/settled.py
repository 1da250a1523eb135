"""When a search may end early: nothing that it could still try is likely to beat what it knows by much."""

from __future__ import annotations

from statistics import fmean
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from counterprompt.search.surrogate.sampler import EffectSampler
    from counterprompt.search.trial_file import TrialFile

WORTHWHILE = 0.25
"""Gain, in baseline spreads, that must be believed possible on average for the search to go on.

It is what a search that learned everything would gain, more than what the pictures that are left could teach: the rule
errs on the side of going on.
"""

FEWEST_TRIALS = 60
"""So many trials come first, some 130 pictures: before them the belief is mostly what was believed at the start."""

_TRIALS_BETWEEN_LOOKS = 10
_DRAWS = 24


class SettledRule:
    """Looks now and then whether a search may end.

    What it says after a number of trials depends on these trials and the study's search seed alone, so that a study
    that is resumed ends where it would have ended.
    """

    def __init__(self, sampler: EffectSampler, search_seed: int) -> None:
        self._sampler = sampler
        self._seed = search_seed
        self._looked_at = 0
        self.is_settled = False
        """What it said last; true is final."""

    def look(self, file: TrialFile) -> bool:
        """Say whether the search may end after the finished trials in *file*."""
        finished = file.finished()
        if self.is_settled or len(finished) == self._looked_at:
            return self.is_settled
        if len(finished) >= FEWEST_TRIALS and len(finished) % _TRIALS_BETWEEN_LOOKS == 0:
            self._looked_at = len(finished)
            self._sampler.learn(finished)
            self.is_settled = possible_gain(self._sampler, self._seed, len(finished)) < WORTHWHILE
        return self.is_settled


def possible_gain(sampler: EffectSampler, search_seed: int, trials: int) -> float:
    """Return by how much the best candidate on offer beats the one believed best, in baseline spreads, on average.

    Averaged over draws from what is believed: in each the effects are known, and so is the candidate that is best.
    """
    import numpy as np

    random = np.random.default_rng((search_seed, trials, _DRAWS))
    known = sampler.best_point()
    gains = []
    for _ in range(_DRAWS):
        belief = sampler.landscape.drawn(random, 1.0)
        pair = sampler.features.of(np.array([sampler.best_point(belief, random), known]))
        gains.append(max(0.0, float((pair[0] - pair[1]) @ belief.weights)))
    return fmean(gains)
