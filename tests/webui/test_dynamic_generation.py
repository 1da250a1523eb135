"""What the accordion writes into generations, seen on bare processing objects."""

from __future__ import annotations

import copy
from types import SimpleNamespace
from typing import Any

from counterprompt.negative.dynamic import DynamicChoice
from counterprompt.negative.dynamic_names import AUTO, FIELDS, OWN_FIELD, RECIPE_FIELD, RULES_ALONE
from counterprompt.negative.layers import NegativeLayer
from counterprompt.negative.recipes import Recipe
from counterprompt.webui.dynamic_generation import write_negatives

BY_RULES = DynamicChoice(RULES_ALONE)


def _generation(prompts: list[str], negatives: list[str]) -> Any:
    return SimpleNamespace(
        all_prompts=prompts,
        all_negative_prompts=negatives,
        main_negative_prompt=negatives[0],
        cfg_scale=7.0,
        extra_generation_params={"Version": "1"},
    )


def test_a_plot_and_its_next_cell_keep_their_own_infotexts() -> None:
    """Hosts copy a generation for each cell, and the copies share one table of fields: it stays as it was."""
    plot = _generation(["a photo of a woman"], ["ugly"])
    cell = copy.copy(plot)
    write_negatives(cell, BY_RULES, ())

    assert {"Version": "1"} == plot.extra_generation_params
    assert {"Version", RECIPE_FIELD, OWN_FIELD} <= set(cell.extra_generation_params)


def test_what_an_earlier_picture_said_is_not_said_again() -> None:
    """Where a host draws a folder of pictures with one object, an own negative prompt of the last one is forgotten."""
    p = _generation(["a photo of a woman"], ["ugly"])
    write_negatives(p, BY_RULES, ())
    p.all_negative_prompts = [""]
    write_negatives(p, BY_RULES, ())

    assert OWN_FIELD not in p.extra_generation_params


def test_only_what_holds_for_every_picture_is_said() -> None:
    """Prompts that get different recipes are told of neither: each infotext would tell of the first one's."""
    prompts = ["a portrait of a woman, oil painting", "a landscape with mountains, photo"]
    layers = (NegativeLayer("base", ("blurry",)),)
    recipes = [Recipe(prompt[:10], layers, prompt=prompt, negative_prompt="blurry") for prompt in prompts]
    alone, both = _generation(prompts[:1], ["x"]), _generation(prompts, ["x", "x"])
    write_negatives(alone, DynamicChoice(AUTO), recipes)
    write_negatives(both, DynamicChoice(AUTO), recipes)

    assert recipes[0].name == alone.extra_generation_params[RECIPE_FIELD]
    assert RECIPE_FIELD not in both.extra_generation_params
    assert "x" == both.extra_generation_params[OWN_FIELD]
    assert set(both.extra_generation_params) < {"Version", *FIELDS}
