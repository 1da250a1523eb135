"""What the body of a new study chooses; names and limits are those of job files, where these have them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from counterprompt.errors import InvalidInputError
from counterprompt.jobs.budgets import pictures_for
from counterprompt.jobs.limits import MINUTES
from counterprompt.negative.layers import NegativeLayer
from counterprompt.webui.judging import with_judging
from counterprompt.webui.options import FEWEST_PICTURES, MOST_PICTURES
from counterprompt.workflow.baseline import LARGEST_EDGE, MOST_STEPS, TuneChoices

if TYPE_CHECKING:
    from counterprompt.webui.rest_fields import BodyFields

HIGHEST_SEED: Final = 2**32 - 1
CFG_SCALES: Final = (0.0, 100.0)
"""A CFG scale, and the ends of a range of them."""
LONGEST_NAME: Final = 100
"""Characters of a name."""

_LORA_WEIGHTS: Final = (-4.0, 4.0)
_MOST_TERMS: Final = 60


def choices_of(fields: BodyFields, usual_budget: int) -> TuneChoices:
    """Read the choices; *usual_budget* counts where neither pictures nor minutes are given.

    Raises:
        InvalidInputError: a field is no good.
    """
    minutes = fields.number("minutes", *MINUTES)
    choices = TuneChoices(
        budget=_budget_of(fields, minutes, usual_budget),
        search_seeds=fields.whole("search_seeds", 2, 64),
        held_out=fields.whole("held_out", 2, 512),
        steps=fields.whole("steps", 1, MOST_STEPS),
        sampler_name=fields.text("sampler_name", longest=LONGEST_NAME) or None,
        size=_size_of(fields),
        search_seed=fields.whole("search_seed", 0, HIGHEST_SEED) or 0,
        controls=fields.flag("controls", True),
        cfg_range=fields.pair("cfg_range", *CFG_SCALES),
        lora_range=fields.pair("lora_range", *_LORA_WEIGHTS),
        lora_ranges=fields.pairs("lora_ranges", *_LORA_WEIGHTS),
        minutes=minutes,
        stops_early=fields.flag("stop_early", True),
        layers=_layers_of(fields),
    )
    return with_judging(choices, fields)


def _budget_of(fields: BodyFields, minutes: float | None, usual_budget: int) -> int:
    budget = fields.whole("budget", FEWEST_PICTURES, MOST_PICTURES)
    preset = fields.text("preset") or None
    if budget is None and preset is None and minutes is None:
        return usual_budget
    return pictures_for(budget, preset, minutes)


def _size_of(fields: BodyFields) -> tuple[int, int] | None:
    width, height = (fields.whole(name, 64, LARGEST_EDGE) for name in ("width", "height"))
    if (width is None) != (height is None):
        raise InvalidInputError("Only one of width and height is given; give both or neither.")
    return None if width is None or height is None else (width // 8 * 8, height // 8 * 8)


def _layers_of(fields: BodyFields) -> tuple[NegativeLayer, ...] | None:
    layers = fields.text_lists("layers")
    if layers is None:
        return None
    if sum(len(terms) for _, terms in layers) > _MOST_TERMS:
        raise InvalidInputError(
            f"The layers hold more than {_MOST_TERMS} terms; give fewer: past 15 they stop helping."
        )
    return tuple(NegativeLayer(name, terms) for name, terms in layers)
