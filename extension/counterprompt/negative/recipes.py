"""Recipes: a verified way to compose the negative prompt, kept as JSON and used on other prompts."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

from counterprompt.errors import InvalidInputError
from counterprompt.negative.compose import ComposedNegative, compose_negative
from counterprompt.negative.layers import NegativeLayer
from counterprompt.negative.recipe_evidence import RecipeEvidence, read_evidence
from counterprompt.prompts.terms import split_terms

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

FORMAT: Final = 1
"""Number of the JSON layout; readers refuse a higher one."""
MAX_RECIPE_CHARACTERS: Final = 200_000
"""A recipe of a thousand terms stays far below."""
MOST_RECIPES: Final = 100
"""How many recipes of the largest size one file may hold."""

_TEXTS: Final = ("checkpoint", "family", "subject", "medium", "prompt", "negative_prompt")
_LAYER_FIELDS: Final = {"name", "terms", "emphasis", "start", "stop"}


@dataclass(frozen=True)
class Recipe:
    """What a study found to work, without the pictures."""

    name: str
    """What the user calls it; not empty."""
    layers: tuple[NegativeLayer, ...]
    """The layers that are on, in the order they are written."""
    cfg_scale: float | None = None
    """CFG scale it was verified with, or None for any."""
    lora_weights: tuple[tuple[str, float], ...] = ()
    """LoRA name and weight it was verified with."""
    checkpoint: str = ""
    """Name or hash of the checkpoint it was verified with, or empty."""
    family: str = ""
    """Value of the `ModelFamily` it was verified with, or empty."""
    subject: str = ""
    """Value of the `Subject` it was verified with, or empty."""
    medium: str = ""
    """Value of the `Medium` it was verified with, or empty."""
    prompt: str = ""
    """The winner's prompt, word for word, or empty where nothing was verified."""
    negative_prompt: str = ""
    """The winner's negative prompt, word for word."""
    evidence: RecipeEvidence | None = None
    """How well it did, or None where nothing was measured."""

    def compose(self, prompt: str) -> ComposedNegative:
        """Compose the negative prompt for *prompt*; what it asks for is left out.

        Raises:
            InvalidInputError: *prompt* is longer than 100,000 characters.
        """
        weights = [weight for _, weight in self.lora_weights]
        return compose_negative(
            self.layers,
            asked=split_terms(prompt),
            lora_weight=max(weights, default=None),
            cfg_scale=7.0 if self.cfg_scale is None else self.cfg_scale,
        )


def render_recipe(recipe: Recipe) -> str:
    """Write *recipe* as JSON text, indented for people."""
    return json.dumps({"format": FORMAT, **asdict(recipe)}, ensure_ascii=False, indent=2)


def render_recipes(recipes: Sequence[Recipe]) -> str:
    """Write several recipes as one JSON text, indented for people."""
    listed = [{"format": FORMAT, **asdict(recipe)} for recipe in recipes]
    return json.dumps({"format": FORMAT, "recipes": listed}, ensure_ascii=False, indent=2)


def parse_recipes(text: str) -> tuple[Recipe, ...]:
    """Read what `render_recipes` or `render_recipe` wrote.

    Raises:
        InvalidInputError: as `parse_recipe`.
    """
    values = _load(text, MAX_RECIPE_CHARACTERS * MOST_RECIPES)
    return tuple(_recipe(each) for each in _list(values, "recipes")) if "recipes" in values else (_recipe(values),)


def parse_recipe(text: str) -> Recipe:
    """Read what `render_recipe` wrote.

    Raises:
        InvalidInputError: *text* is no recipe, of a newer format or too large; the message names what is wrong.
    """
    return _recipe(_load(text, MAX_RECIPE_CHARACTERS))


def _load(text: str, most: int) -> Mapping[str, Any]:
    if len(text) > most:
        raise InvalidInputError(
            f"The recipe has {len(text)} characters, more than the {most} that are read; shorten it."
        )
    try:
        values = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InvalidInputError(f"The recipe is not JSON ({error}); export it again.") from error
    return _of_this_format(values)


def _of_this_format(values: Any) -> Mapping[str, Any]:
    if not isinstance(values, dict) or values.get("format") != FORMAT:
        raise InvalidInputError(f"The recipe is not of format {FORMAT}; export it again with this version.")
    return values


def _recipe(raw: Any) -> Recipe:
    values = _of_this_format(raw)
    return Recipe(
        name=_text(values, "name"),
        layers=tuple(_layer(layer) for layer in _list(values, "layers")),
        cfg_scale=_number(values, "cfg_scale"),
        lora_weights=tuple(_lora_weight(pair) for pair in _list(values, "lora_weights")),
        **{name: _optional_text(values, name) for name in _TEXTS},
        evidence=read_evidence(values.get("evidence")),
    )


def _layer(values: Any) -> NegativeLayer:
    if not isinstance(values, dict) or not _LAYER_FIELDS.issuperset(values):
        raise InvalidInputError(
            f"A layer of the recipe needs the fields {', '.join(sorted(_LAYER_FIELDS))} and no other."
        )
    terms = _list(values, "terms")
    if not all(isinstance(term, str) and term.strip() for term in terms):
        raise InvalidInputError("The terms of a recipe's layer must be texts that are not empty; correct the recipe.")
    emphasis = _number(values, "emphasis")
    return NegativeLayer(
        _text(values, "name"),
        tuple(terms),
        1.0 if emphasis is None else emphasis,
        _number(values, "start"),
        _number(values, "stop"),
    )


def _lora_weight(pair: Any) -> tuple[str, float]:
    if not isinstance(pair, list) or len(pair) != 2 or not isinstance(pair[0], str):
        raise InvalidInputError(f"The recipe's LoRA weight {pair!r} must be a name and a number; correct the recipe.")
    weight = _number({"weight": pair[1]}, "weight")
    return pair[0], 1.0 if weight is None else weight


def _text(values: Mapping[str, Any], key: str) -> str:
    text = values.get(key)
    if not isinstance(text, str) or not text.strip():
        raise InvalidInputError(f"The recipe's field {key!r} must be a text that is not empty; correct the recipe.")
    return text


def _optional_text(values: Mapping[str, Any], key: str) -> str:
    text = values.get(key, "")
    return text if isinstance(text, str) else ""


def _list(values: Mapping[str, Any], key: str) -> list[Any]:
    found = values.get(key, [])
    if not isinstance(found, list):
        raise InvalidInputError(f"The recipe's field {key!r} must be a list; correct the recipe.")
    return found


def _number(values: Mapping[str, Any], key: str) -> float | None:
    number = values.get(key)
    if number is None:
        return None
    if isinstance(number, bool) or not isinstance(number, (int, float)) or not math.isfinite(number):
        raise InvalidInputError(f"The recipe's field {key!r} must be a number, not {number!r}; correct the recipe.")
    return float(number)
