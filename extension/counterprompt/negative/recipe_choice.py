"""Which recipe suits a prompt, by the conditions that the recipes hold for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from counterprompt.negative.subject import Medium, Subject, medium_of, subject_of
from counterprompt.prompts.extra_networks import LORA_KINDS, find_extra_networks
from counterprompt.prompts.family_guess import FamilyHints, recognise_family
from counterprompt.prompts.family_words import ModelFamily

if TYPE_CHECKING:
    from collections.abc import Sequence

    from counterprompt.negative.recipes import Recipe

SAME_CHECKPOINT: Final = 4.0
"""Points for the very checkpoint: what helps depends on it most."""
OTHER_CHECKPOINT: Final = -1.0
SAME_FAMILY: Final = 2.0
SAME_SUBJECT: Final = 2.0
OTHER_SUBJECT: Final = -2.0
SAME_MEDIUM: Final = 2.0
OTHER_MEDIUM: Final = -2.0
SAME_LORAS: Final = 2.0
OTHER_LORAS: Final = -1.0

_FILE_ENDING: Final = re.compile(r"(\.(safetensors|ckpt))?(\s*\[[0-9a-f]+\])?$")
_NOTHING_KNOWN: Final = (Subject.OTHER.value, Medium.UNKNOWN.value, ModelFamily.UNKNOWN.value)


@dataclass(frozen=True)
class Conditions:
    """What a recipe was verified for, or what a prompt brings; each is "" where nobody knows."""

    checkpoint: str = ""
    """Name of the checkpoint."""
    family: str = ""
    """Value of a `ModelFamily`."""
    subject: str = ""
    """Value of a `Subject`."""
    medium: str = ""
    """Value of a `Medium`."""
    loras: frozenset[str] = frozenset()
    """Names of the LoRAs in the prompt."""


@dataclass(frozen=True)
class RecipeChoice:
    """How well a recipe suits a prompt."""

    recipe: Recipe
    """The recipe."""
    points: float
    """Above zero: more speaks for it than against it."""
    reasons: tuple[str, ...]
    """Why, in words."""
    is_excluded: bool = False
    """Whether it was made for a family that cannot understand it here."""


def conditions_of(prompt: str, negative_prompt: str = "", checkpoint: str = "") -> Conditions:
    """Tell what *prompt*, drawn with *checkpoint* ("" unknown), brings.

    Raises:
        InvalidInputError: *prompt* is longer than 100,000 characters.
    """
    family = recognise_family(prompt, negative_prompt, FamilyHints(checkpoint=checkpoint)).family
    loras = frozenset(tag.name for tag in find_extra_networks(prompt) if tag.kind in LORA_KINDS)
    said = (family.value, subject_of(prompt).value, medium_of(prompt).value)
    known, subject, medium = ("" if text in _NOTHING_KNOWN else text for text in said)
    return Conditions(checkpoint, known, subject, medium, loras)


def rank_recipes(recipes: Sequence[Recipe], here: Conditions) -> tuple[RecipeChoice, ...]:
    """Order *recipes* by how well they suit *here*, the best first; of two alike the better proven one leads."""
    choices = [_weigh(recipe, here) for recipe in recipes]
    return tuple(sorted(choices, key=lambda each: (each.is_excluded, -each.points, -_proof(each.recipe))))


def choose_recipe(recipes: Sequence[Recipe], here: Conditions) -> RecipeChoice | None:
    """Return the recipe for which most speaks, or None where nothing speaks for any."""
    ranked = rank_recipes(recipes, here)
    return ranked[0] if ranked and ranked[0].points > 0 and not ranked[0].is_excluded else None


def _weigh(recipe: Recipe, here: Conditions) -> RecipeChoice:
    found = [
        _compare("checkpoint", _stem(recipe.checkpoint), _stem(here.checkpoint), SAME_CHECKPOINT, OTHER_CHECKPOINT),
        _compare("subject", recipe.subject, here.subject, SAME_SUBJECT, OTHER_SUBJECT),
        _compare("medium", recipe.medium, here.medium, SAME_MEDIUM, OTHER_MEDIUM),
        _compare("model family", recipe.family, here.family, SAME_FAMILY, 0.0),
        _compare_loras(frozenset(name for name, _ in recipe.lora_weights), here.loras),
    ]
    is_excluded = bool(recipe.family and here.family) and recipe.family != here.family
    reasons = tuple(reason for points, reason in found if reason)
    return RecipeChoice(recipe, sum(points for points, _ in found), reasons, is_excluded)


def _compare(what: str, there: str, here: str, same: float, other: float) -> tuple[float, str]:
    if not (there and here):
        return 0.0, ""
    if there.casefold() == here.casefold():
        return same, f"the same {what}, {here}"
    return other, f"another {what}: {there}, not {here}"


def _compare_loras(there: frozenset[str], here: frozenset[str]) -> tuple[float, str]:
    if there == here:
        return (SAME_LORAS, f"the same LoRAs, {', '.join(sorted(here))}") if here else (0.0, "")
    strange = sorted(there ^ here)
    return OTHER_LORAS, f"other LoRAs: {', '.join(strange)} on one side only"


def _stem(checkpoint: str) -> str:
    """Leave out what WebUIs put behind a checkpoint's name: its ending and its hash."""
    return _FILE_ENDING.sub("", checkpoint.strip())


def _proof(recipe: Recipe) -> float:
    return recipe.evidence.low if recipe.evidence else 0.0
