"""Antonym probes folded into one matrix."""

import numpy as np
import pytest

from counterprompt.scoring.clip_folder import load_clip_folder
from counterprompt.scoring.embedder import ClipEmbedder
from counterprompt.scoring.probe_table import AntonymPrompts
from counterprompt.scoring.probes import ProbeBank, build_probes


@pytest.fixture(scope="module")
def embedder(saved_folder):
    """An embedder on the tiny network."""
    return ClipEmbedder(load_clip_folder(saved_folder))


def test_one_pair_equals_the_softmax(embedder, pictures):
    """With one pair, the probability is the softmax over the two scaled similarities."""
    bank = build_probes([AntonymPrompts("blurry", (("sharp", "blurry"),), scale=20.0)], embedder)
    pictured = embedder.embed_pictures(pictures)
    logits = 20.0 * pictured @ embedder.embed_texts(["sharp", "blurry"]).T
    expected = np.exp(logits[:, 1]) / np.exp(logits).sum(axis=1)

    np.testing.assert_allclose(expected, bank.probabilities(pictured)[:, 0], atol=1e-5)


def test_pairs_are_averaged(embedder):
    """The direction of a defect is the mean over its pairs."""
    first, second = (("sharp", "blurry"),), (("crisp", "soft"),)
    banks = [
        build_probes([AntonymPrompts("blurry", pairs, scale=1.0)], embedder)
        for pairs in (first, second, (*first, *second))
    ]

    np.testing.assert_allclose((banks[0].directions + banks[1].directions) / 2, banks[2].directions, atol=1e-9)


def test_scale_defaults_to_the_networks_own(roughness_clip):
    """Without calibration, the CLIP's own logit scale is used."""
    embedder = ClipEmbedder(roughness_clip)
    pairs = (("sharp", "blurry picture"),)
    own = build_probes([AntonymPrompts("blurry", pairs)], embedder)
    ten = build_probes([AntonymPrompts("blurry", pairs, scale=embedder.logit_scale)], embedder)

    np.testing.assert_array_equal(ten.directions, own.directions)


def test_huge_logits_stay_probabilities():
    """A large scale saturates at 0 and 1 without a warning."""
    bank = ProbeBank(("a", "b"), np.array([[1e6, 0.0], [-1e6, 0.0]]), np.zeros(2))

    assert [[1.0, 0.0]] == bank.probabilities(np.array([[1.0, 0.0]], dtype=np.float32)).tolist()


def test_without_drops_rows():
    """Dropped defects take their rows with them."""
    bank = ProbeBank(("a", "b"), np.array([[1.0], [2.0]]), np.array([3.0, 4.0])).without(frozenset({"a"}))

    assert (("b",), [[2.0]], [4.0]) == (bank.defects, bank.directions.tolist(), bank.biases.tolist())


def test_stripped_vectors_tell_of_other_defects_alone():
    """What lies along a stripped direction is gone, what lies across is kept, and lengths stay 1."""
    bank = ProbeBank(("blurry", "noisy"), np.array([[5.0, 0.0, 0.0], [0.0, 3.0, 0.0]]), np.zeros(2))
    unit = np.array([[0.6, 0.8, 0.0], [0.6, 0.0, 0.8]], dtype=np.float32)

    np.testing.assert_allclose([[0, 1, 0], [0, 0, 1]], bank.strip(unit, frozenset({"blurry"})), atol=1e-6)
    np.testing.assert_array_equal(unit, bank.strip(unit, frozenset()))
    np.testing.assert_array_equal(unit, bank.strip(unit, frozenset({"watermark"})))


def test_directions_that_span_everything_are_left_in():
    """A picture of which nothing would be left is not stripped."""
    bank = ProbeBank(("blurry", "noisy"), np.eye(2), np.zeros(2))
    unit = np.array([[0.6, 0.8]], dtype=np.float32)

    np.testing.assert_array_equal(unit, bank.strip(unit, frozenset({"blurry", "noisy"})))
