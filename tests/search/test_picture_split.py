"""How a budget of pictures is split, and its seeds."""

import random

import pytest

from counterprompt.search.picture_split import draw_seeds, usual_finalists, usual_proof_seeds, usual_search_seeds


def test_seeds_one_by_one_are_those_of_the_random_numbers():
    """The first is the user's own, the others are drawn: a plan made before gives the same seeds today."""
    draw = random.Random(3)

    assert (7, *(draw.randrange(2**32) for _ in range(9))) == draw_seeds(7, 10, 3)


@pytest.mark.parametrize("first", [7, 2**32 - 2])
def test_seeds_come_in_runs(first: int):
    """In runs of four each seed is one above the last, also over the end of all seeds, and none occurs twice."""
    seeds = draw_seeds(first, 64, 1, run=4)

    assert (first, 64, 64) == (seeds[0], len(seeds), len(set(seeds)))
    assert all(seeds[at + 1] == (seeds[at] + 1) % 2**32 for at in range(64) if at % 4 != 3)


@pytest.mark.parametrize("run", [1, 4])
def test_fewer_seeds_are_the_first_ones_of_more(run: int):
    """A plan that is cut down keeps the seeds that it had first."""
    assert draw_seeds(7, 40, 5, run)[:11] == draw_seeds(7, 11, 5, run)


def test_the_split_grows_with_the_budget():
    """Few pictures have few seeds and one finalist; the proof is never above 64 seeds."""
    assert [(4, 8, 1), (8, 44, 2), (16, 64, 3)] == [
        (usual_search_seeds(count), usual_proof_seeds(count), usual_finalists(count)) for count in (40, 240, 2000)
    ]
