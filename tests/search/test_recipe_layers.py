"""Layers told from a winner's text."""

from __future__ import annotations

import pytest

from counterprompt.negative.layers import NegativeLayer
from counterprompt.ports import GenerationRequest
from counterprompt.search.candidate import Candidate
from counterprompt.search.plan import StudyPlan, plan_study
from counterprompt.search.recipe_layers import layers_of
from counterprompt.search.space import SearchSpace

OFFERED = (NegativeLayer("base", ("blurry", "noisy", "bad (old) photo")), NegativeLayer("style", ("painting", "logo")))


def plan(own: str = "") -> StudyPlan:
    """Plan a study whose user has the negative prompt *own*."""
    return plan_study(GenerationRequest("a cat", own, 1), SearchSpace(OFFERED, ("extra arms",), cfg_range=(4, 9)), 240)


@pytest.mark.parametrize(
    "layers",
    [
        (),
        (NegativeLayer("dynamic", ("extra arms",), 1.3), NegativeLayer("base", ("noisy", "bad (old) photo"))),
        (NegativeLayer("base", ("blurry", "noisy"), 0.8), NegativeLayer("style", ("logo",), 1.2)),
        (NegativeLayer("style", ("painting", "logo"), 1.2, 0.2), NegativeLayer("base", ("noisy",), 1.0, None, 0.6)),
        (NegativeLayer("base", ("blurry",)), NegativeLayer("dynamic", ("found later", "extra arms"))),
    ],
)
@pytest.mark.parametrize("own", ["", "ugly, (old:1.2),"])
def test_layers_come_back(layers: tuple[NegativeLayer, ...], own: str) -> None:
    """What a candidate renders is told apart again: the user's own text, layers, emphasis and times."""
    baseline = plan(own).baseline
    expected = ((NegativeLayer("own", ("ugly",)), NegativeLayer("own 2", ("old",), 1.2)) if own else ()) + layers

    assert expected == layers_of(Candidate(layers=layers).negative_text(baseline), plan(own))


def test_layers_of_one_name_that_act_differently_stay_apart() -> None:
    """A recipe's layers have different names."""
    names = [layer.name for layer in layers_of("(blurry:1.2), noisy, (bad \\(old\\) photo:1.4)", plan())]

    assert ["base", "base 2", "base 3"] == names
