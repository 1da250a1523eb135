"""Recipes chosen by their conditions."""

from __future__ import annotations

from counterprompt.negative.recipe_choice import choose_recipe, conditions_of, rank_recipes
from counterprompt.negative.recipe_evidence import RecipeEvidence
from counterprompt.negative.recipes import Recipe

CATS = Recipe("cats", (), checkpoint="one", subject="animal", medium="photo")
PEOPLE = Recipe("people", (), checkpoint="one.safetensors [0123abcd]", subject="portrait")
PONIES = Recipe("ponies", (), family="Pony", subject="animal")
PROVEN = Recipe("proven", (), subject="animal", evidence=RecipeEvidence(1.0, 0.5, 1.5, 0.9, 16))
STYLED = Recipe("styled", (), lora_weights=(("style", 0.7),), subject="animal")


def test_conditions_are_told_from_a_prompt() -> None:
    """Subject, medium, family and LoRAs stand in the prompt; what is not known is empty."""
    here = conditions_of("photo of a cat, <lora:style:0.7>", checkpoint="one")

    assert ("one", "", "animal", "photo", {"style"}) == (
        here.checkpoint,
        here.family,
        here.subject,
        here.medium,
        here.loras,
    )


def test_the_recipe_for_which_most_speaks_is_chosen_with_its_reasons() -> None:
    """The checkpoint counts most, then what is shown; the reasons say so."""
    choice = choose_recipe([PEOPLE, CATS], conditions_of("photo of a dog", checkpoint="one"))

    assert choice is not None
    assert "cats" == choice.recipe.name
    assert ("the same checkpoint, one", "the same subject, animal", "the same medium, photo") == choice.reasons


def test_a_checkpoint_is_the_same_with_ending_and_hash() -> None:
    """WebUIs write a hash behind the name."""
    (choice,) = rank_recipes([PEOPLE], conditions_of("a mountain", checkpoint="one"))

    assert 2.0 == choice.points
    assert "the same checkpoint, one" == choice.reasons[0]


def test_another_family_is_never_chosen() -> None:
    """Words of Pony mean nothing elsewhere, whatever else fits."""
    here = conditions_of("score_9, score_8_up, a cat")

    assert (
        choose_recipe([PONIES], conditions_of("cat, masterpiece, <lora:sdxl_x:1>", checkpoint="sd_xl_base_1.0")) is None
    )
    assert choose_recipe([PONIES], here) is not None


def test_of_two_alike_the_better_proven_leads() -> None:
    """Evidence decides where conditions do not."""
    ranked = rank_recipes([Recipe("new", (), subject="animal"), PROVEN], conditions_of("a dog"))

    assert ["proven", "new"] == [choice.recipe.name for choice in ranked]


def test_loras_count_as_conditions() -> None:
    """A recipe for the LoRA in use goes before one without."""
    choice = choose_recipe([PROVEN, STYLED], conditions_of("a dog <lora:style:1>"))

    assert choice is not None
    assert "styled" == choice.recipe.name


def test_where_nothing_speaks_for_any_none_is_chosen() -> None:
    """No recipe is better than a wrong one."""
    assert choose_recipe([], conditions_of("a cat")) is None
    assert choose_recipe([PEOPLE], conditions_of("a cat", checkpoint="two")) is None
