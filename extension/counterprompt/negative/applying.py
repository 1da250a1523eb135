"""A recipe applied to a prompt: which fields to set to what, and what was left out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from counterprompt.negative.rules import RULES
from counterprompt.prompts.extra_networks import LORA_KINDS, find_extra_networks, with_lora_weight

if TYPE_CHECKING:
    from counterprompt.negative.recipes import Recipe


@dataclass(frozen=True)
class AppliedRecipe:
    """The fields to set."""

    prompt: str
    """Positive prompt, with the recipe's LoRA weights where it has these LoRAs."""
    negative_prompt: str
    """Negative prompt."""
    cfg_scale: float | None
    """CFG scale, or None to leave it alone."""
    notes: tuple[str, ...]
    """What to know of it, one sentence each."""


def apply_recipe(recipe: Recipe, prompt: str, negative_prompt: str = "") -> AppliedRecipe:
    """Tell which fields to set for *prompt*, whose own *negative_prompt* is replaced.

    For the prompt that the recipe was verified with, the verified text is given word for word; for another, the
    negative prompt is composed anew and leaves out what that prompt asks for.

    Raises:
        InvalidInputError: *prompt* is longer than 100,000 characters.
    """
    weighted = _with_weights(recipe, prompt)
    notes = []
    if recipe.prompt and weighted == recipe.prompt:
        negative = recipe.negative_prompt
        notes.append("This is the prompt it was verified with: the fields are the proven ones, word for word.")
    else:
        composed = recipe.compose(prompt)
        negative = composed.text
        notes += [f"“{each.term}” is left out: {RULES[each.rule_id]}" for each in composed.dropped]
        notes.append("The gain was measured on another prompt; `counterprompt tune` measures it on this one.")
    if negative_prompt.strip() and negative_prompt.strip() != negative:
        notes.append(f"It takes the place of the negative prompt “{negative_prompt.strip()}”.")
    return AppliedRecipe(weighted, negative, recipe.cfg_scale, tuple(notes))


def _with_weights(recipe: Recipe, prompt: str) -> str:
    present = {tag.name for tag in find_extra_networks(prompt) if tag.kind in LORA_KINDS}
    for name, weight in recipe.lora_weights:
        if name in present:
            prompt = with_lora_weight(prompt, name, weight)
    return prompt
