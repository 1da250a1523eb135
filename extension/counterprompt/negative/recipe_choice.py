"""Which recipe suits a prompt, by the conditions that the recipes hold for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple

from counterprompt.negative.prompt_kinship import kindred_words, words_of
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
SAME_PROMPT: Final = 3.0
SAME_WORDS: Final = 2.0
OTHER_WORDS: Final = -2.0

MOST_WORDS_TOLD: Final = 5
"""Words that are told of those that two prompts share."""

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
    prompt: str = ""
    """The prompt itself."""

    @cached_property
    def words(self) -> frozenset[str]:
        """The words of the prompt that tell what it shows, looked up once for all recipes."""
        return words_of(self.prompt)


@dataclass(frozen=True)
class RecipeChoice:
    """How well a recipe suits a prompt."""

    recipe: Recipe
    """The recipe."""
    points: float
    """Above zero: more speaks for it than against it."""
    reasons: tuple[str, ...]
    """Why, in words: what speaks for it, and what against it."""
    objections: tuple[str, ...] = ()
    """Those of the reasons for which it has no business here, whatever speaks for it; the gravest first."""
    merits: tuple[str, ...] = ()
    """Those of the reasons that speak for it, the weightiest first."""

    @property
    def is_excluded(self) -> bool:
        """Whether it must not be chosen for this prompt; its user may still name it."""
        return bool(self.objections)


class _Finding(NamedTuple):
    """What one comparison came to."""

    points: float = 0.0
    reason: str = ""
    is_objection: bool = False


def conditions_of(prompt: str, negative_prompt: str = "", checkpoint: str = "") -> Conditions:
    """Tell what *prompt*, drawn with *checkpoint* ("" unknown), brings.

    Raises:
        InvalidInputError: *prompt* is longer than 100,000 characters.
    """
    family = recognise_family(prompt, negative_prompt, FamilyHints(checkpoint=checkpoint)).family
    loras = frozenset(tag.name for tag in find_extra_networks(prompt) if tag.kind in LORA_KINDS)
    said = (family.value, subject_of(prompt).value, medium_of(prompt).value)
    known, subject, medium = ("" if text in _NOTHING_KNOWN else text for text in said)
    return Conditions(checkpoint, known, subject, medium, loras, prompt)


def rank_recipes(recipes: Sequence[Recipe], here: Conditions) -> tuple[RecipeChoice, ...]:
    """Order *recipes* by how well they suit *here*, the best first; of two alike the better proven one leads."""
    choices = [_weigh(recipe, here) for recipe in recipes]
    return tuple(sorted(choices, key=lambda each: (each.is_excluded, -each.points, -_proof(each.recipe))))


def choose_recipe(recipes: Sequence[Recipe], here: Conditions) -> RecipeChoice | None:
    """Return the recipe for which most speaks, or None where nothing speaks for any.

    One that was made for another model family, subject or medium is never chosen; where either side's subject is
    unknown, neither is one whose own prompt has hardly a word in common with this one.
    """
    ranked = rank_recipes(recipes, here)
    return ranked[0] if ranked and ranked[0].points > 0 and not ranked[0].is_excluded else None


def why_none(recipes: Sequence[Recipe], here: Conditions) -> str:
    """Say what keeps the nearest of *recipes* from being chosen; "" where there are none."""
    ranked = rank_recipes(recipes, here)
    if not ranked:
        return ""
    nearest = ranked[0]
    against = (*nearest.objections, *nearest.reasons, "nothing is known to speak for it")
    return f"“{nearest.recipe.name}” comes nearest: {against[0]}"


def _weigh(recipe: Recipe, here: Conditions) -> RecipeChoice:
    found = [
        _compare("checkpoint", _stem(recipe.checkpoint), _stem(here.checkpoint), SAME_CHECKPOINT, OTHER_CHECKPOINT),
        _compare("model family", recipe.family, here.family, SAME_FAMILY, 0.0, excludes=True),
        _compare("subject", recipe.subject, here.subject, SAME_SUBJECT, OTHER_SUBJECT, excludes=True),
        _compare("medium", recipe.medium, here.medium, SAME_MEDIUM, OTHER_MEDIUM, excludes=True),
        _compare_prompts(recipe, here),
        _compare_loras(frozenset(name for name, _ in recipe.lora_weights), here.loras),
    ]
    reasons = tuple(each.reason for each in found if each.reason)
    objections = tuple(each.reason for each in found if each.is_objection)
    merits = tuple(each.reason for each in sorted(found, key=lambda each: -each.points) if each.points > 0)
    return RecipeChoice(recipe, sum(each.points for each in found), reasons, objections, merits)


def _compare(what: str, there: str, here: str, same: float, other: float, *, excludes: bool = False) -> _Finding:
    if not (there and here):
        return _Finding()
    if there.casefold() == here.casefold():
        return _Finding(same, f"the same {what}, {here}")
    return _Finding(other, f"another {what}: {there}, not {here}", excludes)


def _compare_prompts(recipe: Recipe, here: Conditions) -> _Finding:
    """Compare what the prompts show; where both subjects are known, words can only speak for a recipe."""
    if recipe.prompt and recipe.prompt == here.prompt:
        return _Finding(SAME_PROMPT, "the same prompt")
    shared = kindred_words(words_of(recipe.prompt), here.words)
    if shared:
        return _Finding(SAME_WORDS, f"much the same words: {', '.join(shared[:MOST_WORDS_TOLD])}")
    if recipe.subject and here.subject:
        return _Finding()
    if recipe.prompt:
        return _Finding(OTHER_WORDS, "another prompt, with hardly a word in common", is_objection=True)
    if recipe.subject:
        said = f"made for the subject {recipe.subject}, which this prompt does not name"
        return _Finding(OTHER_WORDS, said, is_objection=True)
    return _Finding()


def _compare_loras(there: frozenset[str], here: frozenset[str]) -> _Finding:
    if there == here:
        return _Finding(SAME_LORAS, f"the same LoRAs, {', '.join(sorted(here))}") if here else _Finding()
    strange = sorted(there ^ here)
    return _Finding(OTHER_LORAS, f"other LoRAs: {', '.join(strange)} on one side only")


def _stem(checkpoint: str) -> str:
    """Leave out what WebUIs put behind a checkpoint's name: its ending and its hash."""
    return _FILE_ENDING.sub("", checkpoint.strip())


def _proof(recipe: Recipe) -> float:
    return recipe.evidence.low if recipe.evidence else 0.0
