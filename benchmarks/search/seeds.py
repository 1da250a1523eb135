"""Which seeds serve what: searches, the truth and the best known never share one."""

from __future__ import annotations

import random
from typing import Final

OWN_SEED: Final = 7
"""The seed of the user's own picture."""

TRUTH_SEEDS: Final = tuple(random.Random("truth").sample(range(2**32), 1024))
"""Fresh seeds on which winners are compared, the same for all; the first *n* are used."""

RACE_SEEDS: Final = tuple(random.Random("race").sample(range(2**32), 512))
"""Seeds of the large search for the best known settings."""


def common_seeds(repetition: int, count: int) -> tuple[int, ...]:
    """Return the seeds that a method searches on: the user's own, then *count* - 1 as `plan_study` draws them."""
    draw = random.Random(repetition)
    seeds = dict.fromkeys([OWN_SEED])
    while len(seeds) < count:
        seeds[draw.randrange(2**32)] = None
    return tuple(seeds)
