"""Recipes kept as JSON."""

import json

import pytest

from counterprompt.errors import InvalidInputError
from counterprompt.negative.layers import NegativeLayer
from counterprompt.negative.recipes import Recipe, parse_recipe, render_recipe

RECIPE = Recipe(
    "figures",
    (NegativeLayer("base", ("blurry", "grainy"), 1.2, 0.1, 0.6), NegativeLayer("dynamic", ("水印",))),
    cfg_scale=6.5,
    lora_weights=(("striped", 0.8),),
    checkpoint="miniature",
)


@pytest.mark.parametrize("recipe", [RECIPE, Recipe("empty", ())])
def test_a_recipe_comes_back(recipe: Recipe) -> None:
    """What is written is read again, value for value."""
    assert recipe == parse_recipe(render_recipe(recipe))


def test_a_recipe_heeds_the_prompt() -> None:
    """On another prompt the recipe leaves out what that prompt asks for."""
    assert ("grainy", "水印") == RECIPE.compose("a cat, bokeh").terms


def changed(**values: object) -> str:
    """Write the recipe with other values."""
    return json.dumps({**json.loads(render_recipe(RECIPE)), **values})


@pytest.mark.parametrize(
    ("text", "culprit"),
    [
        ("", "JSON"),
        ("[" * 100_000, "JSON"),
        ("[]", "format 1"),
        (changed(format=2), "format 1"),
        (changed(name=""), "'name'"),
        (changed(name=3), "'name'"),
        (changed(layers="x"), "'layers'"),
        (changed(layers=[{"name": "x", "code": "y"}]), "fields"),
        (changed(layers=[{"name": "x", "terms": [""]}]), "terms"),
        (changed(layers=[{"name": "x", "terms": ["a"], "start": 2}]), "'x'"),
        (changed(cfg_scale="7"), "'cfg_scale'"),
        (changed(cfg_scale=True), "'cfg_scale'"),
        (changed(cfg_scale=float("inf")), "'cfg_scale'"),
        (changed(lora_weights=[["x"]]), "LoRA"),
        ("x" * 200_001, "200001"),
    ],
)
def test_hostile_recipes_are_refused_in_one_sentence(text: str, culprit: str) -> None:
    """Whatever is wrong is named, and nothing else escapes."""
    with pytest.raises(InvalidInputError, match=culprit):
        parse_recipe(text)
