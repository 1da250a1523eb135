"""The form of the Tune step: checked before anything runs."""

from __future__ import annotations

import math
from typing import Any

import pytest

from counterprompt.errors import InvalidInputError
from counterprompt.webui.tab.tune_form import choices_from, request_from
from counterprompt.webui.tab.tune_values import LayerRow

ROWS = (LayerRow("base", True, "blurry, noisy"), LayerRow("style", False, "anime"), LayerRow("dynamic", True, " "))


def test_only_layers_that_are_on_and_say_something_are_offered() -> None:
    """A switched-off or empty layer is left out; ranges, budget and time limit arrive as numbers."""
    choices = choices_from(ROWS, (4, 10), 120, 15, (("framed", (0.4, 0.8)),))

    assert [("base", ("blurry", "noisy"))] == [(layer.name, layer.terms) for layer in choices.layers or ()]
    assert (120, 15.0, (4.0, 10.0)) == (choices.budget, choices.minutes, choices.cfg_range)
    assert (("framed", (0.4, 0.8)),) == choices.lora_ranges


@pytest.mark.parametrize("minutes", [0, 0.0, None])
def test_no_minutes_are_no_limit(minutes: object) -> None:
    """An empty field counts as 0."""
    assert choices_from(ROWS, (4, 10), 120, minutes).minutes is None


@pytest.mark.parametrize(
    ("cfg", "budget", "minutes", "said"),
    [
        ((10, 4), 120, 0, "lower end first"),
        ((4, "10"), 120, 0, "CFG scale"),
        ((4, math.nan), 120, 0, "CFG scale"),
        ((4, 10), 39, 0, "budget"),
        ((4, 10), True, 0, "budget"),
        ((4, 10), 10**9, 0, "budget"),
        ((4, 10), 120, -1, "time limit"),
        ((4, 10), 120, "9", "time limit"),
    ],
)
def test_numbers_that_no_control_gives_are_refused(cfg: Any, budget: object, minutes: object, said: str) -> None:
    """Anybody can send the form with anything in it."""
    with pytest.raises(InvalidInputError, match=said):
        choices_from(ROWS, cfg, budget, minutes)


def test_too_many_terms_are_refused() -> None:
    """A layer of hundreds of terms is named with the limit."""
    row = LayerRow("base", True, ", ".join(f"t{number}" for number in range(61)))
    with pytest.raises(InvalidInputError, match="at most 60"):
        choices_from([row], (4, 10), 120)


def test_the_hosts_fields_become_a_request() -> None:
    """Labels of the infotext are read; a random seed becomes a fixed one and sizes multiples of 8."""
    fields = {"Prompt": "a cat", "Negative prompt": None, "Steps": 12, "CFG scale": 6.5, "Seed": -1, "Size-1": 70}

    request = request_from(fields)

    assert ("a cat", "", 1, 12, 6.5, 64, 512, "Euler") == (
        request.prompt, request.negative_prompt, request.seed, request.steps, request.cfg_scale, request.width,
        request.height, request.sampler_name,
    )  # fmt: skip


@pytest.mark.parametrize("fields", [{}, {"Prompt": " "}, {"Prompt": "a", "Steps": 5000}, {"Prompt": "a", "Seed": "x"}])
def test_fields_that_cannot_be_generated_are_refused(fields: dict[str, object]) -> None:
    """No prompt, or a number out of range."""
    with pytest.raises(InvalidInputError):
        request_from(fields)
