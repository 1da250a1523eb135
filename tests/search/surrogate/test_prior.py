"""What is believed before anything was drawn."""

import pytest

from counterprompt.search.surrogate.features import CandidateFeatures
from counterprompt.search.surrogate.prior import MAIN_SPREAD, TERM_SPREAD, USUAL_RELIEF, prior_of


def test_what_is_offered_is_expected_to_help_a_little(features: CandidateFeatures):
    """A probed term counts with its relief, another on offer with a little, another word of the user's with nothing."""
    prior = prior_of(features, {("noisy",): 0.4})
    own, off = features.baseline_point, features.plain_point
    expected = {}
    for term in ("noisy", "painting", "text"):
        switched = features.with_term(off, features.names.index(f"term:{term}"))
        expected[term] = float((features.of(switched[None, :]) - features.of(off[None, :]))[0] @ prior.mean)

    assert pytest.approx({"noisy": 0.4, "painting": USUAL_RELIEF, "text": USUAL_RELIEF}) == expected
    loss = (features.of(own[None, :]) - features.of(off[None, :]))[0] @ prior.mean
    assert pytest.approx(USUAL_RELIEF) == loss  # "blurry" is on offer too, "dark" is not


def test_there_is_a_belief_for_every_feature(features: CandidateFeatures):
    """Means and spreads are as many as features are, and no spread is 0."""
    prior = prior_of(features)
    width = len(features.of(features.baseline_point[None, :])[0])

    assert (width, width) == (len(prior.mean), len(prior.spread))
    assert prior.spread.min() > 0


def test_a_probed_term_may_matter_more(features: CandidateFeatures):
    """The term with a probe has the wider prior, the others the narrower."""
    spreads = dict(zip(features.words, prior_of(features, {("noisy",): 0.4}).spread))

    assert (MAIN_SPREAD, TERM_SPREAD) == (spreads[("noisy",)], spreads[("painting",)])
