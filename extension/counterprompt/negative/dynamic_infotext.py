"""The dynamic negative prompt in an infotext: few fields, from which the page can be set as it was."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from counterprompt.errors import CounterpromptError
from counterprompt.negative.dynamic import DynamicChoice, DynamicNegative, DynamicPrompt, compose_dynamic
from counterprompt.negative.dynamic_names import (
    OWN_FIELD,
    PLACE_FIELD,
    PLACES,
    RECIPE_FIELD,
    RULES_ALONE,
    TERMS_FIELD,
    USUAL_MOST_TERMS,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from counterprompt.negative.recipes import Recipe

_LONGEST: Final = 20_000


@dataclass(frozen=True)
class RestoredDynamic:
    """How the page was set when a picture was drawn."""

    choice: DynamicChoice
    """What was chosen."""
    own_negative: str
    """The user's own negative prompt."""


def render_fields(choice: DynamicChoice, composed: DynamicNegative, own_negative: str) -> dict[str, str]:
    """Return what to write into the infotext; the recipe that was used stands there, not "auto"."""
    said = {
        RECIPE_FIELD: composed.recipe or RULES_ALONE,
        PLACE_FIELD: choice.place,
        TERMS_FIELD: str(choice.most_terms),
        OWN_FIELD: own_negative.strip(),
    }
    return {field: text for field, text in said.items() if text}


def restore(fields: Mapping[str, object], recipes: Sequence[Recipe]) -> RestoredDynamic | None:
    """Read back how the page was set; None where it would not give the same negative prompt again.

    Args:
        fields: an infotext as the host parses it, with "Prompt", "Negative prompt" and "CFG scale".
        recipes: those that are here.
    """
    name = _text(fields, RECIPE_FIELD)
    if not name:
        return None
    own = _text(fields, OWN_FIELD)
    try:
        place = _text(fields, PLACE_FIELD)
        most = _text(fields, TERMS_FIELD)
        choice = DynamicChoice(
            name, place if place in PLACES else PLACES[0], int(most) if most.isdecimal() else USUAL_MOST_TERMS
        )
        here = DynamicPrompt(_text(fields, "Prompt"), own, float(_text(fields, "CFG scale") or 7.0))
        composed = compose_dynamic(choice, here, recipes)
        is_same = composed.text.strip() == _text(fields, "Negative prompt").strip()
        is_same = is_same and _is_hires_same(fields, choice, here, recipes)
    except (CounterpromptError, ValueError):
        return None
    return RestoredDynamic(replace(choice, recipe=composed.recipe or RULES_ALONE), own) if is_same else None


def _is_hires_same(
    fields: Mapping[str, object], choice: DynamicChoice, here: DynamicPrompt, recipes: Sequence[Recipe]
) -> bool:
    """Say whether a hires pass's negative prompt, which pasting puts into its field as it was drawn, stays as it is."""
    drawn = _text(fields, "Hires negative prompt").strip()
    hires = replace(here, prompt=_text(fields, "Hires prompt") or here.prompt, negative_prompt=drawn)
    return not drawn or compose_dynamic(choice, hires, recipes).text.strip() == drawn


def _text(fields: Mapping[str, object], name: str) -> str:
    text = fields.get(name, "")
    return str(text)[:_LONGEST] if isinstance(text, (str, int, float)) else ""
