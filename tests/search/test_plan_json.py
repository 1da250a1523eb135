"""That a plan can be read back."""

import json
from dataclasses import replace

import pytest

from counterprompt.errors import InvalidInputError
from counterprompt.search.plan import StudyPlan
from counterprompt.search.plan_json import plan_from_json, plan_to_json


def test_json_keeps_everything(plan: StudyPlan):
    """A plan comes back from JSON text as it was, with all that may be varied."""
    space = replace(plan.space.with_dynamic_terms(["noisy"]), emphasis_range=(0.9, 1.1), term_limit=12)
    noted = replace(plan, space=space, notes=(("generator", "fake"),), minutes=7.5, stops_early=True)

    assert space.loras
    assert space.cfg_range
    assert noted == plan_from_json(json.loads(json.dumps(plan_to_json(noted))))


@pytest.mark.parametrize("damage", [{"version": 99}, {"baseline": None}, {"space": {}}, {"search_seeds": 3}])
def test_a_damaged_plan_is_refused(plan: StudyPlan, damage: dict):
    """What is missing or of another version is refused in one sentence."""
    with pytest.raises(InvalidInputError, match="start a new study"):
        plan_from_json({**plan_to_json(plan), **damage})
