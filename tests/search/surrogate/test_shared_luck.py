"""Luck that pictures of one seed share."""

import numpy as np
import pytest

from counterprompt.search.surrogate.shared_luck import GRAIN, SharedLuck

DISTANCES = np.array([0.3, 0.0, 0.5])
PLACES = np.array([[1.0, 0.0, 0.0], [1.0, 1.0, 0.0], [0.0, 0.0, 2.0], [1.0, 0.0, -1.0], [3.0, 1.0, 1.0]])


def _covariance() -> np.ndarray:
    """Write down, from the two formulas, how the luck of all PLACES varies where the baseline's is known."""
    scaled = PLACES * DISTANCES
    kinship = np.exp(-np.linalg.norm(scaled, axis=1))
    alike = np.exp(-np.linalg.norm(scaled[:, None] - scaled[None], axis=2))
    return alike - np.outer(kinship, kinship) / (1 + GRAIN) + GRAIN * np.eye(len(PLACES))


def test_what_is_left_of_a_picture_has_nothing_to_do_with_the_others():
    """Freed one by one, pictures of one seed have the rows that the inverse of their covariance's root gives them."""
    luck = SharedLuck(DISTANCES)
    values = np.arange(10.0).reshape(5, 2)
    rows, left, _ = zip(*(luck.unshared(place, 7, value) for place, value in zip(PLACES, values)))
    root = np.linalg.inv(np.linalg.cholesky(_covariance()))

    assert np.array(rows) == pytest.approx(root @ PLACES)
    assert np.array(left) == pytest.approx(root @ values)


def test_seeds_share_nothing():
    """A picture of another seed is told as the first of its seed is."""
    luck = SharedLuck(DISTANCES)
    first, second = (luck.unshared(PLACES[0], seed, np.ones(2)) for seed in (1, 2))

    assert first[0].tolist() == second[0].tolist()
    assert first[1].tolist() == second[1].tolist()


def test_a_gain_on_a_seed_where_the_baseline_was_lucky_counts_for_more():
    """What a candidate far from the baseline does not share of that luck is added to its objective, to nothing else."""
    value = {
        name: SharedLuck(DISTANCES, levels=levels).unshared(np.array([0.0, 0.0, 40.0]), 7, np.array([0.2, 0.2]))[1]
        for name, levels in {"usual": {}, "lucky": {7: 1.5}}.items()
    }
    unit = np.sqrt(1 + GRAIN)

    assert value["usual"] * unit == pytest.approx([0.2, 0.2], abs=1e-6)
    assert value["lucky"] * unit == pytest.approx([1.7, 0.2], abs=1e-6)


def test_two_like_candidates_on_one_seed_tell_their_difference():
    """The second of two that differ by little tells more of what sets them apart than it does on a seed of its own."""
    luck = SharedLuck(np.array([0.3, 0.1]))
    luck.unshared(np.array([2.0, 0.0]), 7, np.ones(1))
    beside, apart = (luck.unshared(np.array([2.0, 1.0]), seed, np.ones(1))[0][1] for seed in (7, 8))

    assert beside > 1.2 * apart


def test_the_same_settings_twice_are_no_fault():
    """A candidate that differs in nothing that moves its luck is another picture with the grain alone."""
    luck = SharedLuck(DISTANCES)
    luck.unshared(PLACES[0], 7, np.ones(1))
    row, _, _ = luck.unshared(PLACES[0] + [0.0, 1.0, 0.0], 7, np.ones(1))

    assert np.isfinite(row).all()
    assert row[1] > 5
