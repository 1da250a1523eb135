"""Tests for the negative prompt that is composed when a picture is drawn."""

from __future__ import annotations

import pytest

from counterprompt.errors import InvalidInputError
from counterprompt.negative.dynamic import DynamicChoice, DynamicPrompt, compose_dynamic
from counterprompt.negative.dynamic_names import AUTO, BEFORE, BEHIND, INSTEAD, RULES_ALONE
from counterprompt.negative.dynamic_words import describe
from counterprompt.negative.layers import NegativeLayer
from counterprompt.negative.recipes import Recipe

PORTRAITS = Recipe(
    "Portraits",
    (NegativeLayer("base", ("blurry", "noisy")), NegativeLayer("structure", ("extra limbs",))),
    subject="portrait",
    prompt="portrait of a nurse",
    negative_prompt="[blurry::0.5], noisy",
)


def _compose(prompt: str, own: str = "", cfg_scale: float = 7.0, **choice: object) -> object:
    chosen = DynamicChoice(**choice)  # type: ignore[arg-type]  # the table's own values
    return compose_dynamic(chosen, DynamicPrompt(prompt, own, cfg_scale), [PORTRAITS])


@pytest.mark.parametrize(
    ("place", "own", "text"),
    [
        (BEHIND, "ugly, ", "ugly, blurry, noisy, extra limbs"),
        (BEFORE, "ugly", "blurry, noisy, extra limbs, ugly"),
        (INSTEAD, "ugly", "blurry, noisy, extra limbs"),
        (BEHIND, "", "blurry, noisy, extra limbs"),
        (BEHIND, "(Noisy:1.3)", "(Noisy:1.3), blurry, extra limbs"),
        (BEHIND, "ugly # mine", "ugly # mine\n, blurry, noisy, extra limbs"),
        (BEFORE, "ugly # mine", "blurry, noisy, extra limbs, ugly # mine"),
    ],
)
def test_the_terms_go_where_the_user_wants_them(place: str, own: str, text: str) -> None:
    """The user's own terms stay as written, on the side that was chosen, and are not repeated."""
    assert text == _compose("a man", own, recipe="portraits", place=place).text


@pytest.mark.parametrize(
    ("prompt", "recipe", "used"),
    [("portrait of a man", AUTO, "Portraits"), ("a mountain lake", AUTO, ""), ("a man", RULES_ALONE, "")],
)
def test_a_recipe_is_used_where_it_suits(prompt: str, recipe: str, used: str) -> None:
    """By itself it takes the recipe that suits, and where none does, the rules."""
    assert used == _compose(prompt, recipe=recipe).recipe


def test_a_recipe_that_has_no_business_here_is_left_and_said_why() -> None:
    """By itself it goes by the rules where a recipe was made for something else; nothing is said where none is here."""
    composed = _compose("a mountain lake", recipe=AUTO)

    assert "No recipe suits; “Portraits” comes nearest: another subject: portrait, not landscape." == composed.remark
    assert composed.remark in describe(composed)
    assert "" == _compose("a mountain lake", recipe=RULES_ALONE).remark
    assert "" == compose_dynamic(DynamicChoice(), DynamicPrompt("a lake", "", 7.0), []).remark


def test_the_rules_follow_subject_and_medium() -> None:
    """A photo of a person gets the structure layer and keeps paintings out; a landscape gets no structure."""
    assert {"bad anatomy", "painting"} <= set(_compose("photo of a man", recipe=RULES_ALONE).added.split(", "))
    assert "bad anatomy" not in _compose("photo of a valley", recipe=RULES_ALONE).added


def test_what_the_prompt_asks_for_is_never_negated() -> None:
    """Noise that is asked for is left out, with the rule's id."""
    composed = _compose("portrait, noisy", recipe="Portraits")

    assert "blurry, extra limbs" == composed.text
    assert [("noisy", "N-ASKED")] == [(each.term, each.rule_id) for each in composed.dropped]


@pytest.mark.parametrize(
    ("prompt", "cfg_scale", "own", "most", "count"),
    [
        ("photo of a man", 7.0, "", 15, 15),
        ("photo of a man", 7.0, "a, b, c", 15, 12),
        ("photo of a man <lora:x:0.4>", 7.0, "", 15, 8),
        ("photo of a man", 14.0, "", 15, 10),
        ("photo of a man", 7.0, "a, b, c", 2, 0),
    ],
)
def test_terms_are_few_in_all(prompt: str, cfg_scale: float, own: str, most: int, count: int) -> None:
    """The user's own terms count, and the bands of LoRA weight and CFG scale lower the number."""
    added = _compose(prompt, own, cfg_scale, recipe=RULES_ALONE, most_terms=most).added

    assert count == len(list(filter(None, added.split(", "))))


def test_a_strong_lora_is_held_back() -> None:
    """Above 0.9 the terms against spill come first, emphasised."""
    assert _compose("a man <lora:x:1>", recipe=RULES_ALONE).text.startswith("(overexposed, garish colors:1.2)")


def test_the_verified_prompt_gets_its_verified_negative() -> None:
    """For the very prompt of the study its winner is given word for word, schedules included."""
    assert "[blurry::0.5], noisy" == _compose("portrait of a nurse", recipe="Portraits").text


def test_a_recipe_without_a_verified_prompt_is_composed_for_an_empty_one() -> None:
    """Nothing was verified, so the recipe's layers are written, not a text that it does not have."""
    house = Recipe("House", (NegativeLayer("base", ("blurry", "noisy")),))

    assert "blurry, noisy" == compose_dynamic(DynamicChoice("House"), DynamicPrompt("", "", 7.0), [house]).text


@pytest.mark.parametrize("prompt", ["a man", "portrait of a nurse"])
def test_cfg_scale_one_is_told(prompt: str) -> None:
    """At CFG scale 1 it says that no negative prompt has any effect, a proven one neither."""
    assert _compose(prompt, cfg_scale=1.0, recipe="Portraits").is_mute


@pytest.mark.parametrize(
    ("choice", "named"), [({"place": "elsewhere"}, "elsewhere"), ({"most_terms": 76}, "76"), ({"most_terms": -1}, "-1")]
)
def test_a_choice_out_of_range_is_refused(choice: dict[str, object], named: str) -> None:
    """What comes from a page or an API is checked, and the message names it."""
    with pytest.raises(InvalidInputError, match=named):
        DynamicChoice(**choice)  # type: ignore[arg-type]


def test_an_unknown_recipe_is_named() -> None:
    """A recipe that is not here is refused by name."""
    with pytest.raises(InvalidInputError, match="Landscapes"):
        _compose("a man", recipe="Landscapes")
