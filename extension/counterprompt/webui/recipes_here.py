"""The recipes on this machine, as the pages list them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counterprompt.errors import CounterpromptError
from counterprompt.negative.dynamic_names import AUTO, RULES_ALONE

if TYPE_CHECKING:
    from counterprompt.negative.recipes import Recipe


def recipes_here() -> tuple[Recipe, ...]:
    """Read every recipe that can be read.

    Raises:
        InvalidInputError: the settings cannot be read.
    """
    # Loaded with the first look: a start waits for no recipe.
    from counterprompt.webui.options import host_settings
    from counterprompt.workflow.recipe_shelf import RecipeShelf

    return RecipeShelf(host_settings().recipes_folder).all()[0]


def recipe_choices() -> list[str]:
    """List what a user may choose: by itself, by the rules alone, or a recipe by name."""
    try:
        names = [recipe.name for recipe in recipes_here()]
    except CounterpromptError:
        names = []
    return [AUTO, RULES_ALONE, *names]
