"""Tests for what the values of the script's controls mean."""

from __future__ import annotations

from typing import Any

import pytest

from counterprompt.errors import InvalidInputError
from counterprompt.webui.tune_panel import USUAL_BATCH, USUAL_BUDGET, choices_of


def test_api_users_may_leave_arguments_out() -> None:
    """Without arguments the usual budget is searched within the ranges of the rules."""
    choices, batch_size = choices_of()

    assert (USUAL_BUDGET, None, None, True, USUAL_BATCH) == (
        choices.budget,
        choices.cfg_range,
        choices.lora_range,
        choices.controls,
        batch_size,
    )


def test_ranges_are_taken_over() -> None:
    """Both ends of a range reach the study."""
    choices, _ = choices_of(80, 2, 4.5, 9, 0, 0.8, False)

    assert ((4.5, 9.0), (0.0, 0.8)) == (choices.cfg_range, choices.lora_range)


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ([39], "'39'"),
        ([float("nan")], "'nan'"),
        (["many"], "'many'"),
        ([True], "'True'"),
        ([80, 0], "'0'"),
        ([80, 4, 9, 3], "9 to 3"),
        ([80, 4, 0, 31], "'31'"),
        ([80, 4, 0, 0, 0, 2.5], "'2.5'"),
        ([None], "'None'"),
    ],
)
def test_values_from_outside_are_checked(arguments: list[Any], named: str) -> None:
    """Whatever comes from a browser or an API is refused by name where it is out of range."""
    with pytest.raises(InvalidInputError, match=named):
        choices_of(*arguments)
