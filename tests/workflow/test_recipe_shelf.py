"""Recipes on disk."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from counterprompt.errors import InvalidInputError
from counterprompt.negative.layers import NegativeLayer
from counterprompt.negative.recipes import Recipe
from counterprompt.workflow.recipe_shelf import RecipeShelf

RECIPE = Recipe("夜の猫 / cats", (NegativeLayer("base", ("blurry",)),), 7.0)


def test_recipes_are_kept_and_found(tmp_path: Path) -> None:
    """A recipe comes back whatever its name holds, and is gone when deleted; its file stays in the folder."""
    shelf = RecipeShelf(tmp_path / "recipes")
    path = shelf.save(RECIPE)

    assert tmp_path / "recipes" == path.parent
    assert RECIPE == shelf.get("夜の猫 / CATS")
    shelf.delete(RECIPE.name)
    assert ((), ()) == shelf.all()


def test_nothing_is_replaced_unasked(tmp_path: Path) -> None:
    """Saving the same again is fine, another of the name is refused."""
    shelf = RecipeShelf(tmp_path)
    changed = replace(RECIPE, cfg_scale=5.0)
    shelf.save(RECIPE)
    shelf.save(RECIPE)

    with pytest.raises(InvalidInputError, match="--replace"):
        shelf.save(changed)
    assert RECIPE == shelf.get(RECIPE.name)
    shelf.save(changed, replace=True)
    assert changed == shelf.get(RECIPE.name)


@pytest.mark.parametrize("word", ["auto", "Rules"])
def test_a_word_that_chooses_among_recipes_is_no_name_of_one(tmp_path: Path, word: str) -> None:
    """A recipe of that name could be kept and never be taken, so it is refused and nothing is written."""
    shelf = RecipeShelf(tmp_path)

    with pytest.raises(InvalidInputError, match=f"{word!r} says how to choose"):
        shelf.save(replace(RECIPE, name=word))
    assert ((), ()) == shelf.all()


def test_a_damaged_file_is_named_and_the_others_are_listed(tmp_path: Path) -> None:
    """One broken file does not hide the rest."""
    shelf = RecipeShelf(tmp_path)
    shelf.save(RECIPE)
    (tmp_path / "broken.json").write_text("{")

    recipes, faults = shelf.all()

    assert (RECIPE,) == recipes
    assert "broken.json" in faults[0]


def test_a_missing_recipe_is_refused_with_those_there_are(tmp_path: Path) -> None:
    """The sentence names what could be meant."""
    shelf = RecipeShelf(tmp_path)
    shelf.save(RECIPE)

    with pytest.raises(InvalidInputError, match="cats"):
        shelf.get("dogs")
