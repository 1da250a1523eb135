"""The user's ranges."""

from __future__ import annotations

from counterprompt.ports import GenerationRequest
from counterprompt.search.space import LoraRange
from counterprompt.workflow.baseline import TuneChoices
from counterprompt.workflow.ranges import space_within

BASELINE = GenerationRequest("a cat <lora:x:0.9> <lora:y:0.3>", "", 1, cfg_scale=8.0)


def test_ranges_are_the_users_and_hold_his_own_values() -> None:
    """A LoRA with a range of its own has it, the others the common one, and nothing leaves the baseline outside."""
    choices = TuneChoices(cfg_range=(4.0, 6.0), lora_range=(0.5, 0.7), lora_ranges=(("x", (0.2, 0.4)), ("z", (0, 1))))

    space = space_within(choices, BASELINE, (), ())

    assert (4.0, 8.0) == space.cfg_range
    assert (LoraRange("x", 0.2, 0.9), LoraRange("y", 0.3, 0.7)) == space.loras


def test_without_ranges_the_rules_decide() -> None:
    """No wish leaves the usual ranges."""
    assert (LoraRange("x", 0.5, 1.0), LoraRange("y", 0.3, 1.0)) == space_within(TuneChoices(), BASELINE, (), ()).loras


def test_a_lora_at_its_own_weight_alone_is_not_varied() -> None:
    """Its range is a point, so there is nothing to search."""
    baseline = GenerationRequest("<lora:x:0.9> <lora:y:0.6>", "", 1)
    choices = TuneChoices(lora_ranges=(("x", (0.9, 0.9)), ("y", (0.5, 0.5))))

    assert [("y", 0.5, 0.6)] == [(r.name, r.low, r.high) for r in space_within(choices, baseline, (), ()).loras]
    assert ["y"] == [r.name for r in space_within(TuneChoices(lora_range=(0.9, 0.9)), baseline, (), ()).loras]


def test_a_cfg_scale_that_may_not_move_is_not_varied() -> None:
    """A range that is the user's own scale alone leaves it as it is; a study of nothing else is then refused."""
    space = space_within(TuneChoices(cfg_range=(8.0, 8.0)), GenerationRequest("a cat", "", 1, cfg_scale=8.0), (), ())

    assert (None, True) == (space.cfg_range, space.is_empty)
