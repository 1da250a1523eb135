"""Bodies of our routes as values; what is refused stands in test_routes.py, which runs where a server is."""

from __future__ import annotations

from typing import Any

import pytest

from counterprompt.advice.choice import Wishes
from counterprompt.errors import InvalidInputError
from counterprompt.negative.layers import NegativeLayer
from counterprompt.ports import GenerationRequest
from counterprompt.webui.rest_orders import ReadOrder, RecipeOrder, read_order_of, recipe_order_of, study_order_of
from counterprompt.webui.study_values import StudyOrder
from counterprompt.workflow.baseline import TuneChoices


def test_a_prompt_is_a_baseline() -> None:
    """Every field goes where it belongs, sizes are cut to what can be drawn, and the rest has its usual values."""
    body = {
        "prompt": "a cat",
        "negative_prompt": "ugly",
        "seed": 4_294_967_295,
        "cfg_scale": 5,
        "width": 70,
        "height": 64,
        "name": "Cat",
        "budget": 80,
        "controls": False,
        "cfg_range": [4, 9.5],
        "lora_range": [0, 1],
        "lora_ranges": {"x": [0.2, 0.9]},
        "layers": {"base": ["blurry"], "dynamic": []},
    }

    order = study_order_of(body, 240)

    baseline = GenerationRequest("a cat", "ugly", 4_294_967_295, cfg_scale=5.0, width=64, height=64)
    choices = TuneChoices(
        budget=80,
        size=(64, 64),
        controls=False,
        cfg_range=(4.0, 9.5),
        lora_range=(0.0, 1.0),
        lora_ranges=(("x", (0.2, 0.9)),),
        layers=(NegativeLayer("base", ("blurry",)), NegativeLayer("dynamic", ())),
    )
    assert StudyOrder(None, baseline, choices, "Cat") == order


def test_a_picture_brings_its_own_settings() -> None:
    """Without a prompt there is no baseline but the picture's, with the usual budget."""
    assert StudyOrder(b"abc", None, TuneChoices(budget=240, steps=9)) == study_order_of(
        {"picture": "YWJj", "steps": 9}, 240
    )


def test_a_text_is_read_with_wishes() -> None:
    """Goal and wishes come along; null is as good as nothing."""
    assert ReadOrder(None, "a cat", "adapt", Wishes(("text",), ("anime",))) == read_order_of(
        {"picture": None, "infotext": "a cat", "goal": "adapt", "block": ["text"], "without_style": ["anime"]}
    )


def test_a_recipe_comes_from_a_study_or_whole() -> None:
    """One source, not two."""
    assert RecipeOrder("s-1", "n", {}, True) == recipe_order_of({"study": "s-1", "name": "n", "replace": True})
    assert RecipeOrder("", "", {"format": 1}, False) == recipe_order_of({"recipe": {"format": 1}})
    with pytest.raises(InvalidInputError, match="either a study"):
        recipe_order_of({"study": "s-1", "recipe": {"format": 1}})


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"prompt": "a", "seed": -1}, "seed is -1; give a whole number from 0 to 4294967295"),
        ({"prompt": "a", "seed": 1.5}, "seed is 1.5"),
        ({"prompt": "a", "controls": "no"}, 'controls is "no"; give true or false'),
        ({"prompt": "a", "lora_range": [0, "1"]}, 'lora_range is "1"; give a number from -4 to 4'),
        ({"prompt": "a", "layers": {f"{at}": [] for at in range(201)}}, "layers has 201 entries"),
        ({"prompt": " "}, "prompt is empty"),
        ({"prompt": ["a"]}, r'prompt is \["a"\]; give a text'),
    ],
)
def test_a_bad_field_is_named(body: dict[str, Any], said: str) -> None:
    """The message names the field, its value and what would do."""
    with pytest.raises(InvalidInputError, match=said):
        study_order_of(body, 240)
