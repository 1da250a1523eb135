"""The scorer's self-test."""

import numpy as np
import pytest
from PIL import Image

from counterprompt.errors import InvalidInputError, ScorerError
from counterprompt.scoring.aesthetic import AestheticHead
from counterprompt.scoring.clip_scorer import ClipScorer
from counterprompt.scoring.damage import DAMAGES, damage_picture, damaged_pairs
from counterprompt.scoring.embedder import ClipEmbedder
from counterprompt.scoring.probes import ProbeBank
from counterprompt.scoring.self_test import accept_scorer, run_self_test, share_ranked_right

SMOOTH_IS_GOOD, ROUGH_IS_GOOD = np.array([1.0, -1.0]), np.array([-1.0, 1.0])


def _scorer(clip, likes, probes):
    bank = ProbeBank(tuple(probes), np.array(list(probes.values())).reshape(-1, 2), np.zeros(len(probes)))
    return ClipScorer(ClipEmbedder(clip), [AestheticHead("head", likes, 5.0)], bank)


def test_working_scorer_is_accepted_whole(roughness_clip, pictures):
    """A scorer that ranks every damaged picture right is returned as it is."""
    scorer = _scorer(roughness_clip, SMOOTH_IS_GOOD, {"noisy": ROUGH_IS_GOOD, "watermark": ROUGH_IS_GOOD})

    accepted, found = accept_scorer(scorer, damaged_pairs(pictures, scorer.defects))

    assert scorer is accepted
    assert [("aesthetic", 1.0, 3), ("noisy", 1.0, 3)] == [
        (ranking.component, ranking.share_right, ranking.pairs) for ranking in found.rankings
    ]
    assert ("watermark",) == found.untested


def test_failing_probe_is_left_out_with_its_reason(roughness_clip, pictures):
    """A probe that ranks the wrong way round is named, left out, and the rest goes on."""
    probes = {"noisy": ROUGH_IS_GOOD, "overexposed": ROUGH_IS_GOOD}
    scorer = _scorer(roughness_clip, SMOOTH_IS_GOOD, probes)
    pairs = [*damaged_pairs(pictures, ["noisy"])] * 4 + damaged_pairs(pictures, ["overexposed"])
    backwards = [pair for pair in pairs if pair.defect == "noisy"]
    flat = [
        type(pair)("overexposed", pair.good, Image.new("RGB", pair.good.size, "white"))
        for pair in pairs
        if pair.defect == "overexposed"
    ]

    accepted, found = accept_scorer(scorer, backwards + flat)

    assert ("noisy",) == accepted.defects
    assert ["overexposed"] == list(found.failures)
    assert '"overexposed" ranks damaged pictures right in 0% of 3 pairs.' == accepted.excluded["overexposed"]


def test_head_that_cannot_rank_is_refused(roughness_clip, pictures):
    """A scorer whose aesthetic head prefers damaged pictures is refused."""
    scorer = _scorer(roughness_clip, ROUGH_IS_GOOD, {"noisy": ROUGH_IS_GOOD})

    with pytest.raises(ScorerError, match='refused: "aesthetic" ranks damaged pictures right in 0%'):
        accept_scorer(scorer, damaged_pairs(pictures, scorer.defects))


def test_scorer_without_a_working_probe_is_refused(roughness_clip, pictures):
    """A scorer none of whose tested probes works is refused."""
    scorer = _scorer(roughness_clip, SMOOTH_IS_GOOD, {"noisy": SMOOTH_IS_GOOD})

    with pytest.raises(ScorerError, match="Every probe of roughness with head failed"):
        accept_scorer(scorer, damaged_pairs(pictures, scorer.defects))


def test_no_pictures_are_refused(roughness_clip):
    """Without pictures nothing can be said."""
    with pytest.raises(ScorerError, match="at least one"):
        run_self_test(_scorer(roughness_clip, SMOOTH_IS_GOOD, {}), [])


@pytest.mark.parametrize(
    ("lower", "higher", "expected"),
    [([0, 0], [1, 1], 1.0), ([1, 1], [0, 0], 0.0), ([1, 1], [1, 1], 0.5), ([0, 1], [1, 1], 0.75)],
)
def test_ties_count_half(lower, higher, expected):
    """The share counts a win whole and a tie half."""
    assert expected == share_ranked_right(lower, higher)


@pytest.mark.parametrize("defect", DAMAGES)
def test_damage_is_repeatable_and_visible(pictures, defect):
    """The same seed damages alike, keeps the size, and changes the picture."""
    damaged = damage_picture(pictures[0], defect, 7)

    assert damaged.tobytes() == damage_picture(pictures[0], defect, 7).tobytes()
    assert pictures[0].size == damaged.size
    assert pictures[0].tobytes() != damaged.tobytes()


def test_unknown_damage_is_refused(pictures):
    """A defect that cannot be made is named with those that can."""
    with pytest.raises(InvalidInputError, match='"bad hands" on purpose; choose one of blurry'):
        damage_picture(pictures[0], "bad hands")
