"""When a losing candidate is stopped."""

import pytest

from counterprompt.search.racing import is_losing, seed_blocks


@pytest.mark.parametrize(
    ("count", "batch_size", "expected"),
    [(8, 1, [2, 2, 4]), (8, 2, [2, 2, 4]), (8, 8, [4, 4]), (4, 1, [2, 2]), (3, 2, [2, 1]), (10, 4, [4, 4, 2])],
)
def test_blocks_cover_the_seeds_once(count: int, batch_size: int, expected: list[int]):
    """Blocks have the sizes of the table and hold every seed once, in order."""
    blocks = seed_blocks(range(count), batch_size)

    assert expected == [len(block) for block in blocks]
    assert list(range(count)) == [seed for block in blocks for seed in block]


@pytest.mark.parametrize(
    ("values", "incumbent", "expected"),
    [
        ([0.1, 0.0], [1.0, 1.2, 0.9, 1.0], True),
        ([1.1, 1.3], [1.0, 1.2, 0.9, 1.0], False),
        ([0.1, 2.0], [1.0, 1.2, 0.9, 1.0], False),
    ],
)
def test_the_race_compares_the_same_seeds(values: list[float], incumbent: list[float], expected: bool):
    """A candidate is stopped where it loses on the seeds that both have run."""
    assert expected is is_losing(values, incumbent)
