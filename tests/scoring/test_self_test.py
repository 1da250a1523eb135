"""The scorer's self-test."""

import math

import numpy as np
import pytest
from PIL import Image

from counterprompt.errors import ScorerError
from counterprompt.ports import Scores
from counterprompt.scoring.aesthetic import AestheticHead
from counterprompt.scoring.clip_scorer import ClipScorer
from counterprompt.scoring.damage import damaged_pairs
from counterprompt.scoring.embedder import ClipEmbedder
from counterprompt.scoring.probes import ProbeBank
from counterprompt.scoring.self_test import accept_scorer, run_self_test, share_ranked_right
from counterprompt.scoring.signals import measure_signals

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


class _OwnScorer:
    """A scorer as a user may write it: no base class, nothing but the port."""

    name = "mine"

    def __init__(self, rate):
        self._rate = rate

    def score(self, images, prompt):
        return [self._rate(measure_signals([image])[0]) for image in images]


def test_own_scorer_is_tested_and_its_blind_probe_left_out(pictures):
    """Any scorer is tested; what it cannot rank is left out of its scores, and the rest of it stays."""
    own = _OwnScorer(lambda seen: Scores(-seen["noise"], 0.0, {"noisy": seen["noise"], "overexposed": 0.5}))
    pairs = [pair for pair in damaged_pairs(pictures) if pair.defect in {"noisy", "overexposed"}]
    noisy = [pair for pair in pairs if pair.defect == "noisy"]

    accepted, found = accept_scorer(own, [*noisy * 4, *pairs])

    assert {"overexposed": '"overexposed" ranks damaged pictures right in 50% of 3 pairs.'} == found.failures
    (scores,) = accepted.score([pictures[0]], "")
    assert ["noisy"] == list(scores.artifacts)
    assert "mine" == accepted.name


@pytest.mark.parametrize(
    "aesthetic",
    [5.0, math.nan, 0.99],
    ids=["the same for every picture", "no number", "high whatever it sees"],
)
def test_own_scorer_that_sees_nothing_is_refused(pictures, aesthetic):
    """A scorer that says the same of a picture and of its ruins is refused by name."""
    with pytest.raises(ScorerError, match='The scorer mine failed its self-test and is refused: "aesthetic"'):
        accept_scorer(_OwnScorer(lambda _: Scores(aesthetic, 0.0)), damaged_pairs(pictures))


def test_preference_must_rank_too(pictures):
    """A preference model that likes damaged pictures better is refused, however good the rest."""
    own = _OwnScorer(lambda seen: Scores(-seen["noise"], 0.0, preference=seen["noise"]))

    with pytest.raises(ScorerError, match='"preference" ranks damaged pictures right in 0% of 3 pairs'):
        accept_scorer(own, damaged_pairs(pictures, ["noisy"]))


def test_tagger_is_tested_on_the_defect_it_names(pictures):
    """An artifact that a tagger sees is held against the damage of its name."""
    own = _OwnScorer(lambda seen: Scores(-seen["noise"], 0.0, {"tagger: noisy": 0.5, "noisy": seen["noise"]}))

    accepted, found = accept_scorer(own, damaged_pairs(pictures, ["noisy"]))

    assert ["tagger: noisy"] == list(found.failures)
    assert ["noisy"] == list(accepted.score([pictures[0]], "")[0].artifacts)


def test_scorer_that_loses_pictures_is_refused(pictures):
    """A scorer must give one score for each picture."""

    class Short(_OwnScorer):
        def score(self, images, prompt):
            return super().score(images[:-1], prompt)

    with pytest.raises(ScorerError, match="mine returned 2 scores for 3 pictures"):
        run_self_test(Short(lambda _: Scores(0.0, 0.0)), damaged_pairs(pictures, ["noisy"]))


@pytest.mark.parametrize(
    ("lower", "higher", "expected"),
    [([0, 0], [1, 1], 1.0), ([1, 1], [0, 0], 0.0), ([1, 1], [1, 1], 0.5), ([0, 1], [1, 1], 0.75)],
)
def test_ties_count_half(lower, higher, expected):
    """The share counts a win whole and a tie half."""
    assert expected == share_ranked_right(lower, higher)
