"""Tests for the dynamic negative prompt in words."""

from __future__ import annotations

from counterprompt.negative.dynamic import DynamicChoice, DynamicPrompt, compose_dynamic
from counterprompt.negative.dynamic_names import AUTO
from counterprompt.negative.dynamic_words import describe
from counterprompt.negative.layers import NegativeLayer
from counterprompt.negative.recipes import Recipe
from counterprompt.negative.rules import RULES


def test_it_says_by_what_and_what_not() -> None:
    """The lines tell what it goes by, and each term that was left out with its rule."""
    here = DynamicPrompt("photo of a man, blurry", "noisy", 7.0)
    lines = describe(compose_dynamic(DynamicChoice("rules"), here, []))

    assert "By the rules for subject “portrait” and medium “photo”." == lines[0]
    assert "Left out: noisy. It stands there already." in lines
    assert any(line.startswith("Left out: blurry. The prompt asks for it") for line in lines)


def test_where_no_place_is_left_all_that_lost_its_place_is_said() -> None:
    """One term may stand there and the user's own does: the rules' are told to be left out, and by which rule."""
    composed = compose_dynamic(DynamicChoice(most_terms=1), DynamicPrompt("a man", "noisy", 7.0), [])
    last = describe(composed)[-1]

    assert "" == composed.added
    assert last.startswith("Left out: low quality, worst quality, ")
    assert last.endswith(RULES["N-LIMIT"])


def test_a_recipe_is_named() -> None:
    """Where a recipe was used, the first line names it."""
    recipe = Recipe("Mine", (NegativeLayer("base", ("blurry",)),))

    assert (
        "By the recipe “Mine”."
        == describe(compose_dynamic(DynamicChoice("mine"), DynamicPrompt("a man", "", 7.0), [recipe]))[0]
    )


def test_a_recipe_that_was_chosen_by_itself_is_named_with_why() -> None:
    """Under "auto" a second line tells in one sentence what spoke for it; where its user named it nothing is told."""
    recipe = Recipe("Mine", (NegativeLayer("base", ("blurry",)),), checkpoint="one", subject="portrait", medium="photo")
    here = DynamicPrompt("photo of a man", "", 7.0, "one")
    auto, named = (describe(compose_dynamic(DynamicChoice(name), here, [recipe])) for name in (AUTO, "mine"))

    why = "It suits best: the same checkpoint, one; the same subject, portrait; the same medium, photo."
    assert ("By the recipe “Mine”.", why) == auto
    assert ("By the recipe “Mine”.",) == named


def test_the_very_prompt_tells_why_too() -> None:
    """So it does where the proven negative prompt is given word for word."""
    recipe = Recipe("Mine", (), prompt="a red thing", negative_prompt="blurry")
    composed = compose_dynamic(DynamicChoice(), DynamicPrompt("a red thing", "", 7.0), [recipe])

    assert "It suits best: the same prompt." == describe(composed)[1]
