"""The form of the Tune step: checked before anything runs."""

from __future__ import annotations

import math

import pytest

from counterprompt.errors import InvalidInputError
from counterprompt.webui.tab.tune_form import LAYERS, LayerRow, choices_from, estimate_minutes, request_from

ROWS = (LayerRow("base", True, "blurry, noisy"), LayerRow("style", False, "anime"), LayerRow("dynamic", True, " "))


def test_only_layers_that_are_on_and_say_something_are_offered() -> None:
    """A switched-off or empty layer is left out; ranges and budget arrive as numbers."""
    choices = choices_from(ROWS, cfg=(4, 10), lora=(0.5, 1.0), budget=120)

    assert [("base", ("blurry", "noisy"))] == [(layer.name, layer.terms) for layer in choices.layers or ()]
    assert (120, (4.0, 10.0), (0.5, 1.0)) == (choices.budget, choices.cfg_range, choices.lora_range)


@pytest.mark.parametrize(
    ("cfg", "lora", "budget", "said"),
    [
        ((10, 4), (0, 1), 120, "lower end first"),
        ((4, "10"), (0, 1), 120, "CFG scale"),
        ((4, 10), (0, math.inf), 120, "LoRA weight"),
        ((4, 10), (0, 1), 39, "budget"),
        ((4, 10), (0, 1), True, "budget"),
        ((4, 10), (0, 1), 10**9, "budget"),
    ],
)
def test_numbers_that_no_slider_gives_are_refused(cfg: object, lora: object, budget: object, said: str) -> None:
    """Anybody can send the form with anything in it."""
    with pytest.raises(InvalidInputError, match=said):
        choices_from(ROWS, cfg=cfg, lora=lora, budget=budget)  # type: ignore[arg-type]


def test_too_many_terms_are_refused() -> None:
    """A layer of hundreds of terms is named with the limit."""
    row = LayerRow("base", True, ", ".join(f"t{number}" for number in range(61)))
    with pytest.raises(InvalidInputError, match="at most 60"):
        choices_from([row], cfg=(4, 10), lora=(0, 1), budget=120)


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


def test_the_estimate_needs_a_pace() -> None:
    """Before the first study nobody knows."""
    assert estimate_minutes(120, None) is None
    assert 4.0 == estimate_minutes(120, 2.0)
    assert 4 == len(LAYERS)
