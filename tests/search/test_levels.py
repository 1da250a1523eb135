"""Single numbers that stand for a component."""

import pytest

from counterprompt.ports import Scores
from counterprompt.search.levels import artifact_level, preference_gain


@pytest.mark.parametrize(
    ("artifacts", "expected"),
    [
        ({}, 0.0),
        ({"blurry": 0.2, "noisy": 0.4}, 0.3),
        ({"blurry": 0.2, "noisy": 0.4, **{f"tagger: {number}": 0.1 for number in range(40)}}, 0.2),
        ({"tagger: text": 0.5}, 0.5),
    ],
)
def test_a_taggers_many_words_are_one_voice(artifacts: dict[str, float], expected: float):
    """Probes and tagger count alike, however many tags the tagger has."""
    assert pytest.approx(expected) == artifact_level(Scores(5.0, 0.3, artifacts))


@pytest.mark.parametrize(("own", "baseline", "expected"), [(22.5, 20.0, 2.5), (None, 20.0, 0.0), (20.0, None, 0.0)])
def test_preference_needs_both(own: float | None, baseline: float | None, expected: float):
    """A gain is told only where the preference model was asked of both pictures."""
    assert expected == preference_gain(Scores(5.0, 0.3, preference=own), Scores(5.0, 0.3, preference=baseline))
