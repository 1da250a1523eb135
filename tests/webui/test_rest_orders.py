"""Bodies of our routes as values; what is refused stands in test_routes.py, which runs where a server is."""

from __future__ import annotations

from typing import Any

import pytest

from counterprompt.advice.choice import Wishes
from counterprompt.errors import InvalidInputError
from counterprompt.jobs.tables import JOB, SETTINGS
from counterprompt.negative.layers import NegativeLayer
from counterprompt.ports import GenerationRequest
from counterprompt.search.guard_limits import GuardLimits
from counterprompt.search.score_weights import ScoreWeights
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


def test_what_a_job_file_says_can_be_said() -> None:
    """Names are those of job files; a preset gives the pictures, and whatever is left out of an object is as usual."""
    body = {
        "prompt": "a cat",
        "preset": "quick",
        "minutes": 12.5,
        "stop_early": False,
        "weights": {"artifacts": 1, "preference": 0},
        "guards": {"noise": 0.2, "fidelity": 3},
        "look_again": True,
        "anti_prompt": True,
        "schedules": True,
    }

    assert (
        TuneChoices(
            budget=120,
            minutes=12.5,
            stops_early=False,
            score_weights=ScoreWeights(artifacts=1.0, preference=0.0),
            guard_limits=GuardLimits(noise=0.2, fidelity=3.0),
            looks_again=True,
            has_anti_prompt=True,
            tries_schedules=True,
        )
        == study_order_of(body, 240).choices
    )
    assert set(body) <= set(JOB)


def test_every_choice_of_a_job_file_has_a_name() -> None:
    """Only what draws, where models lie and what joins the scorer stays with the settings page."""
    with pytest.raises(InvalidInputError) as refused:
        study_order_of({"prompt": "a cat", "?": 1}, 240)
    names = set(str(refused.value).rpartition("the fields are ")[2].rstrip(".").split(", "))

    left = set(SETTINGS) - names - {"sampler", "size", "cfg", "lora"}
    assert {"sampler_name", "width", "height", "cfg_range", "lora_range", "lora_ranges"} <= names
    assert {"generator", "tagger", "scorer", "auditor", "preference", "tag_artifacts"} == left


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({}, 240),
        ({"minutes": 5}, 2000),
        ({"minutes": 5, "preset": "thorough"}, 600),
        ({"budget": 50, "minutes": 5}, 50),
    ],
)
def test_the_budget_is_what_was_said_of_it(said: dict[str, Any], expected: int) -> None:
    """Minutes alone have as many pictures as on the command line; where nothing is said the settings' number counts."""
    assert expected == study_order_of({"prompt": "a", **said}, 240).choices.budget


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
        ({"prompt": "a", "minutes": 0}, r"minutes is 0; give a number from 0\.1 to 100000"),
        ({"prompt": "a", "preset": "slow"}, 'no preset "slow"; choose quick or balanced or thorough'),
        ({"prompt": "a", "preset": "quick", "budget": 60}, "Both 60 pictures and the preset quick .* leave one"),
        ({"prompt": "a", "weights": {"beauty": 1}}, "weights has no 'beauty'; its names are aesthetic, artifacts"),
        ({"prompt": "a", "weights": {"artifacts": 11}}, r"weights\.artifacts is 11; give a number from 0 to 10"),
        ({"prompt": "a", "weights": [1]}, r"weights is \[1\]; give an object"),
        ({"prompt": "a", "guards": {"noise": 0}}, r"guards\.noise is 0; give a number from 0\.001 to 10"),
        ({"prompt": "a", "guards": {"noise": True}}, r"guards\.noise is true; give a number"),
        ({"prompt": "a", "look_again": 1}, "look_again is 1; give true or false"),
        ({"prompt": " "}, "prompt is empty"),
        ({"prompt": ["a"]}, r'prompt is \["a"\]; give a text'),
    ],
)
def test_a_bad_field_is_named(body: dict[str, Any], said: str) -> None:
    """The message names the field, its value and what would do."""
    with pytest.raises(InvalidInputError, match=said):
        study_order_of(body, 240)
