"""What mattered."""

import pytest

from counterprompt.search.candidate import BASELINE
from counterprompt.search.importance import main_effects
from counterprompt.search.objective import ComponentDeltas
from counterprompt.search.trials import SearchTrial


def _trial(number: int, value: float, **params: float) -> SearchTrial:
    return SearchTrial(number, BASELINE, params, (ComponentDeltas(0, 0, 0, 0, value),), number)


def test_switches_and_ranges_have_effects():
    """A switch compares on with off, a range its upper with its lower half; the larger effect comes first."""
    trials = [_trial(n, value=float(n % 2) + 0.1 * (n > 3), own=n % 2, cfg_scale=float(n)) for n in range(8)]

    effects = main_effects(trials)

    assert ["own", "cfg_scale"] == [effect.name for effect in effects]
    assert (pytest.approx(1.0), pytest.approx(0.1)) == (effects[0].effect, effects[1].effect)
    assert (0.5, 3.5) == (effects[0].split, effects[1].split)


def test_too_few_trials_say_nothing():
    """A parameter seen on one side only, or hardly ever, is left out."""
    assert () == main_effects([_trial(n, 1.0, own=1) for n in range(8)] + [_trial(9, 0.0, own=0)])
