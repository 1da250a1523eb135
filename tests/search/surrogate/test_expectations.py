"""What the baseline's pictures tell before anything was tried."""

import pytest

from counterprompt.ports import Scores
from counterprompt.search.objective import Objective, ScoreSpread
from counterprompt.search.score_weights import ScoreWeights
from counterprompt.search.surrogate.expectations import EFFICACY, expected_reliefs, own_luck

OBJECTIVE = Objective(ScoreSpread(1.0, 0.1, 0.01), ScoreWeights(artifacts=0.6))


@pytest.mark.parametrize(
    ("artifacts", "blurry"),
    [
        ([{"blurry": 0.4, "noisy": 0.0}], 0.6 * EFFICACY * 0.4 / 2 / 0.1),
        ([{"blurry": 0.2, "noisy": 0.0}, {"blurry": 0.6, "noisy": 0.9}], 0.6 * EFFICACY * 0.4 / 2 / 0.1),
        ([{"blurry": 0.4, "tagger: blurry": 0.2}], 0.6 * EFFICACY * 0.3 / 0.1),
    ],
)
def test_a_terms_relief_is_its_probes_part_of_the_objective(artifacts: list[dict], blurry: float):
    """The expected share of a defect's mean probability counts as the objective counts artifacts."""
    reliefs = expected_reliefs([Scores(5.0, 0.3, each) for each in artifacts], OBJECTIVE)

    assert pytest.approx(blurry) == reliefs[("blurry",)]


def test_a_defect_that_is_not_there_promises_nothing():
    """A probe at zero expects nothing of its term."""
    assert 0.0 == expected_reliefs([Scores(5.0, 0.3, {"bad anatomy": 0.0})], OBJECTIVE)[("bad", "anatomy")]


def test_the_baselines_luck_is_told_around_its_mean():
    """A picture that is two spreads more pleasing than another lies one above the middle, weighed as it counts."""
    luck = own_luck([3, 5], [Scores(6.0, 0.3, {"blurry": 0.1}), Scores(4.0, 0.3, {"blurry": 0.1})], OBJECTIVE)

    assert luck == pytest.approx({3: OBJECTIVE.weights.aesthetic, 5: -OBJECTIVE.weights.aesthetic})
