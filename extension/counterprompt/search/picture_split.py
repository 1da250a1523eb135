"""How a budget of pictures is split over the stages of a study, and its seeds."""

from __future__ import annotations

import random


def usual_search_seeds(pictures: int) -> int:
    """Return how many seeds all candidates share in a study of so many *pictures*: a thirtieth of them, 4 to 16, even.

    Each costs a picture for every finalist; what is learned of single terms does not depend on it.
    """
    return max(4, min(16, 2 * round(pictures / 60)))


def usual_proof_seeds(pictures: int) -> int:
    """Return how many fresh seeds prove the gain in a study of so many *pictures*, at most 64.

    A tenth of them and four, or a fifth less four where that is more, from 80 pictures on: what the search finds early
    is seldom improved by much, and small gains need many seeds to be told from luck.
    """
    return min(64, max(4 + pictures // 10, pictures // 5 - 4))


def usual_finalists(pictures: int) -> int:
    """Return how many candidates run on all search seeds in a study of so many *pictures*."""
    return 1 if pictures < 120 else 2 if pictures < 480 else 3


def draw_seeds(first: int, count: int, search_seed: int, run: int = 1) -> tuple[int, ...]:
    """Draw *count* different seeds, the *first* one given; fewer of them are the first ones of more.

    They come in runs of so many consecutive ones: a WebUI draws such together.
    """
    draw = random.Random(search_seed)
    seeds = dict.fromkeys((first + step) % 2**32 for step in range(run))
    while len(seeds) < count:
        start = draw.randrange(2**32)
        fresh = [(start + step) % 2**32 for step in range(run)]
        if not seeds.keys() & set(fresh):
            seeds.update(dict.fromkeys(fresh))
    return tuple(seeds)[:count]
