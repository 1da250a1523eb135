"""The dynamic negative prompt: composed for each prompt when it is drawn, from a recipe or from the rules alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from counterprompt.errors import InvalidInputError
from counterprompt.negative.competition import DroppedTerm
from counterprompt.negative.compose import ComposedNegative, compose_negative
from counterprompt.negative.dynamic_names import AUTO, BEFORE, BEHIND, INSTEAD, PLACES, RULES_ALONE, USUAL_MOST_TERMS
from counterprompt.negative.recipe_choice import choose_recipe, conditions_of, why_none
from counterprompt.negative.rules import CFG_MUTE, cfg_band
from counterprompt.negative.subject import layers_for, medium_of, subject_of
from counterprompt.prompts.comments import end_comment
from counterprompt.prompts.extra_networks import LORA_KINDS, find_extra_networks
from counterprompt.prompts.folding import fold_words
from counterprompt.prompts.terms import split_terms

if TYPE_CHECKING:
    from collections.abc import Sequence

    from counterprompt.negative.layers import NegativeLayer
    from counterprompt.negative.recipes import Recipe

MOST_MERITS: Final = 3
"""Reasons that are told for a recipe which was chosen by itself: they stand in one short sentence."""


@dataclass(frozen=True)
class DynamicChoice:
    """What the user chose.

    Raises:
        InvalidInputError: the place is none of PLACES, or the number of terms lies outside 0 to 75.
    """

    recipe: str = AUTO
    """AUTO, RULES_ALONE or a recipe's name."""
    place: str = BEHIND
    """One of PLACES."""
    most_terms: int = USUAL_MOST_TERMS
    """How many terms the negative prompt may have, the user's own included; 0 to 75."""

    def __post_init__(self) -> None:
        if self.place not in PLACES:
            raise InvalidInputError(f"There is no place {self.place[:100]!r}; use one of {', '.join(PLACES)}.")
        if not 0 <= self.most_terms <= 75:
            raise InvalidInputError(f"{self.most_terms} terms are out of range; give 0 to 75.")


@dataclass(frozen=True)
class DynamicPrompt:
    """What a picture is drawn for."""

    prompt: str
    """Its positive prompt, with LoRA tags."""
    negative_prompt: str
    """The user's own negative prompt."""
    cfg_scale: float
    """Guidance strength."""
    checkpoint: str = ""
    """Name of the checkpoint, or "" where nobody knows."""


@dataclass(frozen=True)
class DynamicNegative:
    """The negative prompt to draw with, and how it came about."""

    text: str
    """The whole negative prompt, the user's own terms included."""
    added: str
    """The part that was composed; may be empty."""
    source: str
    """In words: the recipe's name, or the subject and medium that the rules went by."""
    recipe: str
    """Name of the recipe that was used, or "" for the rules."""
    dropped: tuple[DroppedTerm, ...]
    """What was left out, and by which rule."""
    notes: tuple[str, ...]
    """Ids of the LoRA and CFG bands, keys of `rules.RULES`."""
    remark: str = ""
    """Why none of the recipes was chosen where one might have been, in one sentence; "" otherwise."""
    merits: tuple[str, ...] = ()
    """What spoke for the recipe where it was chosen by itself, the weightiest first; at most MOST_MERITS."""

    @property
    def is_mute(self) -> bool:
        """Whether no negative prompt has any effect at this CFG scale."""
        return CFG_MUTE in self.notes


def compose_dynamic(choice: DynamicChoice, here: DynamicPrompt, recipes: Sequence[Recipe]) -> DynamicNegative:
    """Compose the negative prompt for one picture.

    The user's own terms come first in the count of *most_terms*, and none of them is repeated or dropped.

    Raises:
        InvalidInputError: *recipes* hold none of that name, or a prompt is longer than 100,000 characters.
    """
    recipe, merits, remark = _chosen(choice, here, recipes)
    own = "" if choice.place == INSTEAD else here.negative_prompt.strip()
    if recipe is not None and recipe.prompt and recipe.prompt == here.prompt and not own:
        text = recipe.negative_prompt
        notes = (CFG_MUTE,) if cfg_band(here.cfg_scale) == CFG_MUTE else ()
        return DynamicNegative(text, text, recipe.name, recipe.name, (), notes, merits=merits)
    layers = recipe.layers if recipe else layers_for(subject_of(here.prompt), medium_of(here.prompt))
    own_terms = split_terms(own)
    fresh, repeated = _without_own(layers, {fold_words(term.text) for term in own_terms})
    composed = compose_negative(
        fresh,
        asked=split_terms(here.prompt),
        lora_weight=_largest_lora_weight(here.prompt),
        cfg_scale=here.cfg_scale,
        limit=max(0, choice.most_terms - len(own_terms)),
    )
    return DynamicNegative(
        text=_placed(own, composed, choice.place),
        added=composed.text,
        source=recipe.name if recipe else _subject_in_words(here.prompt),
        recipe=recipe.name if recipe else "",
        dropped=(*repeated, *composed.dropped),
        notes=composed.notes,
        remark=remark,
        merits=merits,
    )


def _chosen(
    choice: DynamicChoice, here: DynamicPrompt, recipes: Sequence[Recipe]
) -> tuple[Recipe | None, tuple[str, ...], str]:
    """Return the recipe, None for the rules, what spoke for it, and a remark where the rules stand in for a recipe."""
    if choice.recipe == RULES_ALONE:
        return None, (), ""
    if choice.recipe == AUTO:
        conditions = conditions_of(here.prompt, here.negative_prompt, here.checkpoint)
        best = choose_recipe(recipes, conditions)
        if best is not None:
            return best.recipe, best.merits[:MOST_MERITS], ""
        why = why_none(recipes, conditions)
        return None, (), f"No recipe suits; {why}." if why else ""
    for recipe in recipes:
        if recipe.name.casefold() == choice.recipe.casefold():
            return recipe, (), ""  # named by its user, who needs no reasons
    raise InvalidInputError(
        f"There is no recipe {choice.recipe[:100]!r} here; refresh the list and choose another, or {AUTO!r}."
    )


def _without_own(
    layers: Sequence[NegativeLayer], own: set[tuple[str, ...]]
) -> tuple[tuple[NegativeLayer, ...], list[DroppedTerm]]:
    repeated = [
        DroppedTerm(term, layer.name, "N-REPEAT") for layer in layers for term in layer.terms if fold_words(term) in own
    ]
    kept = tuple(layer.with_terms(term for term in layer.terms if fold_words(term) not in own) for layer in layers)
    return kept, repeated


def _largest_lora_weight(prompt: str) -> float | None:
    return max((tag.weight for tag in find_extra_networks(prompt) if tag.kind in LORA_KINDS), default=None)


def _placed(own: str, composed: ComposedNegative, place: str) -> str:
    if not (own and composed.text):
        return own.strip(" ,") or composed.text
    if place == BEFORE:
        return f"{composed.text}, {own}"
    return f"{end_comment(own.strip(' ,'))}, {composed.text}"


def _subject_in_words(prompt: str) -> str:
    return f"the rules for subject “{subject_of(prompt).value}” and medium “{medium_of(prompt).value}”"
