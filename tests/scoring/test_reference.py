"""Scoring against the picture that others are to be like."""

from __future__ import annotations

import numpy as np
import pytest

from counterprompt.scoring.aesthetic import load_aesthetic_head
from counterprompt.scoring.clip_scorer import ClipScorer, load_clip_scorer
from counterprompt.scoring.probes import ProbeBank
from counterprompt.scoring.reference import ClipReferenceScorer


@pytest.fixture(scope="module")
def scorer(saved_folder):
    """The scorer on the tiny network, without probes."""
    loaded = load_clip_scorer(saved_folder)
    return loaded.without(dict.fromkeys(loaded.defects, "not needed"))


def test_a_picture_resembles_itself_most(scorer, pictures):
    """The cosine with the reference is 1 for the same picture and less for others; the scores are the usual ones."""
    found = ClipReferenceScorer(scorer, pictures[0]).score(pictures, "red star")

    assert 1.0 == pytest.approx(found[0].resemblance, abs=1e-5)
    assert all(each.resemblance < found[0].resemblance for each in found[1:])
    assert scorer.score(pictures, "red star") == [each.scores for each in found]


@pytest.mark.parametrize(("bias", "shown"), [(9.0, frozenset({"blurry"})), (-9.0, frozenset())])
def test_only_the_references_own_defect_is_overlooked(scorer, saved_folder, pictures, bias, shown):
    """What sets two pictures apart is overlooked where the reference has that defect, and counts where it has not."""
    one, other = scorer.embedder.embed_pictures(pictures[:2]).astype(np.float64)
    probes = ProbeBank(("blurry",), (one - other)[None], np.array([bias]))
    head = load_aesthetic_head(saved_folder / "aesthetic_head.safetensors")

    reference = ClipReferenceScorer(ClipScorer(scorer.embedder, [head], probes), pictures[0])
    (found,) = reference.score(pictures[1:2], "red star")

    assert shown == reference.defects
    assert (1.0 if shown else one @ other) == pytest.approx(found.resemblance, abs=1e-5)
