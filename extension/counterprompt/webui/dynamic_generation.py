"""Writes the dynamic negative prompt into a generation that is about to begin."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from counterprompt.negative.dynamic import DynamicChoice, DynamicNegative, DynamicPrompt, compose_dynamic
from counterprompt.negative.dynamic_infotext import render_fields
from counterprompt.negative.dynamic_names import AUTO, BEHIND, FIELDS, USUAL_MOST_TERMS
from counterprompt.webui.served import checkpoint_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from counterprompt.negative.recipes import Recipe


def choice_of(recipe: Any, place: Any, most_terms: Any) -> DynamicChoice:
    """Check what came from the page or the API.

    Raises:
        InvalidInputError: a value is out of range.
    """
    is_number = isinstance(most_terms, (int, float)) and most_terms == most_terms  # nan differs from itself
    return DynamicChoice(str(recipe or AUTO), str(place or BEHIND), int(most_terms) if is_number else USUAL_MOST_TERMS)


def write_negatives(p: Any, choice: DynamicChoice, recipes: Sequence[Recipe]) -> None:
    """Compose the negative prompt of every picture of *p*, of its hires pass too, and note it in the infotext.

    Raises:
        InvalidInputError: there is no such recipe, or a prompt is too long.
    """
    composer = _Composer(choice, recipes, checkpoint_name())
    own = list(p.all_negative_prompts)
    made = [composer.make(prompt, negative, p.cfg_scale) for prompt, negative in zip(p.all_prompts, own)]
    hires = _hires_negatives(p, composer)
    # A new table: hosts copy an object for each cell of a plot or line of a file, and all copies share the old one.
    others = {name: value for name, value in (p.extra_generation_params or {}).items() if name not in FIELDS}
    p.extra_generation_params = {**others, **_fields(choice, made, own)}
    p.all_negative_prompts = [each.text for each in made]
    p.main_negative_prompt = p.all_negative_prompts[0]
    if hires is not None:
        p.all_hr_negative_prompts = hires


@dataclass
class _Composer:
    choice: DynamicChoice
    recipes: Sequence[Recipe]
    checkpoint: str
    _made: dict[tuple[str, str, float], DynamicNegative] = field(default_factory=dict)

    def make(self, prompt: str, negative: str, cfg_scale: float) -> DynamicNegative:
        key = (prompt, negative, float(cfg_scale))
        if key not in self._made:
            here = DynamicPrompt(prompt, negative, float(cfg_scale), self.checkpoint)
            self._made[key] = compose_dynamic(self.choice, here, self.recipes)
        return self._made[key]


def _hires_negatives(p: Any, composer: _Composer) -> list[str] | None:
    """Compose those of the hires pass; the host filled them in before extensions had a say."""
    if not getattr(p, "enable_hr", False) or not getattr(p, "all_hr_negative_prompts", None):
        return None
    prompts = getattr(p, "all_hr_prompts", None) or p.all_prompts
    return [
        composer.make(prompt, negative, p.cfg_scale).text
        for prompt, negative in zip(prompts, p.all_hr_negative_prompts)
    ]


def _fields(choice: DynamicChoice, made: Sequence[DynamicNegative], own: Sequence[str]) -> dict[str, str]:
    """Return the infotext's fields, of those that differ from picture to picture none: all pictures get the same."""
    first, *others = {tuple(render_fields(choice, *each).items()) for each in zip(made, own)}
    return dict(field for field in first if all(field in other for other in others))
