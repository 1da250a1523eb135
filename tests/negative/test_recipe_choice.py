"""Recipes chosen by their conditions."""

from __future__ import annotations

import pytest

from counterprompt.negative.recipe_choice import Conditions, choose_recipe, conditions_of, rank_recipes, why_none
from counterprompt.negative.recipe_evidence import RecipeEvidence
from counterprompt.negative.recipes import Recipe

CATS = Recipe("cats", (), checkpoint="one", subject="animal", medium="photo")
PEOPLE = Recipe("people", (), checkpoint="one.safetensors [0123abcd]", subject="portrait")
PONIES = Recipe("ponies", (), family="Pony", subject="animal")
HOUSE = Recipe("house", (), checkpoint="one", prompt="a purple house, sky background")
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
    assert choice.reasons == choice.merits


def test_merits_are_what_speaks_for_it_the_weightiest_first() -> None:
    """What speaks against it is no merit; the same prompt weighs more than the same family, the checkpoint most."""
    recipe = Recipe("mine", (), checkpoint="one", family="Pony", prompt="score_9, a red thing")
    here = conditions_of("score_9, a red thing", checkpoint="one")
    away = conditions_of("score_9, a red thing", checkpoint="two")

    assert ("the same checkpoint, one", "the same prompt", "the same model family, Pony") == _merits(recipe, here)
    assert ("the same prompt", "the same model family, Pony") == _merits(recipe, away)


def _merits(recipe: Recipe, here: Conditions) -> tuple[str, ...]:
    (choice,) = rank_recipes([recipe], here)
    return choice.merits


def test_a_checkpoint_is_the_same_with_ending_and_hash() -> None:
    """WebUIs write a hash behind the name."""
    (choice,) = rank_recipes([PEOPLE], conditions_of("a mountain", checkpoint="one"))

    assert 2.0 == choice.points
    assert "the same checkpoint, one" == choice.reasons[0]


@pytest.mark.parametrize(
    ("recipe", "prompt", "reason"),
    [
        (HOUSE, "a purple house, sky background", "the same prompt"),
        (HOUSE, "a red house at night", "much the same words: house"),
        (HOUSE, "house", "much the same words: house"),
        (CATS, "a photo of a dog", "the same subject, animal"),
        (Recipe("mine", (), checkpoint="one"), "a red circle", "the same checkpoint, one"),
    ],
)
def test_it_is_chosen_where_it_has_its_business(recipe: Recipe, prompt: str, reason: str) -> None:
    """The same prompt, most words of the shorter one, or the same subject; one that claims nothing holds for all."""
    choice = choose_recipe([recipe], conditions_of(prompt, checkpoint="one"))

    assert choice is not None
    assert reason in choice.reasons


@pytest.mark.parametrize(
    ("recipe", "prompt", "why"),
    [
        (HOUSE, "a red circle", "“house” comes nearest: another prompt, with hardly a word in common"),
        (HOUSE, "purple sky", "“house” comes nearest: another prompt, with hardly a word in common"),
        (HOUSE, "a purple cat", "“house” comes nearest: another prompt, with hardly a word in common"),
        (CATS, "a red circle", "“cats” comes nearest: made for the subject animal, which this prompt does not name"),
        (CATS, "photo of a nurse", "“cats” comes nearest: another subject: animal, not portrait"),
        (CATS, "anime, a cat", "“cats” comes nearest: another medium: photo, not anime"),
    ],
)
def test_the_checkpoint_alone_is_no_reason(recipe: Recipe, prompt: str, why: str) -> None:
    """What is shown must agree too, however much the checkpoint counts, and it is said what does not."""
    here = conditions_of(prompt, checkpoint="one")

    assert choose_recipe([recipe], here) is None
    assert why == why_none([recipe], here)


def test_of_several_the_one_with_the_prompts_words_leads() -> None:
    """Two recipes of one subject: that of a cat on a roof before that of a horse, which is proven better."""
    horse = Recipe("horse", (), subject="animal", prompt="a horse in a stable", evidence=PROVEN.evidence)
    roof = Recipe("roof", (), subject="animal", prompt="a cat on the roof of a barn")
    ranked = rank_recipes([horse, roof], conditions_of("a black cat, barn roof"))

    assert ["roof", "horse"] == [choice.recipe.name for choice in ranked]


def test_where_there_is_no_recipe_nothing_is_said_of_one() -> None:
    """And where one speaks of nothing that is known here, that is said."""
    here = conditions_of("a cat")

    assert "" == why_none([], here)
    assert "nothing is known to speak for it" in why_none([Recipe("bare", ())], here)


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
