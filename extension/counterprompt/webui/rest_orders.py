"""What the bodies of our routes ask for, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from counterprompt.advice.choice import Wishes
from counterprompt.errors import InvalidInputError
from counterprompt.negative.layers import NegativeLayer
from counterprompt.ports import GenerationRequest
from counterprompt.search.second_proof import FEWEST_SEEDS, MOST_SEEDS
from counterprompt.webui.options import FEWEST_PICTURES, MOST_PICTURES
from counterprompt.webui.rest_fields import BodyFields
from counterprompt.webui.study_values import StudyOrder
from counterprompt.workflow.baseline import LARGEST_EDGE, MOST_STEPS, TuneChoices

_LONGEST_NAME: Final = 100
_HIGHEST_SEED: Final = 2**32 - 1
_LORA_WEIGHTS: Final = (-4.0, 4.0)
_CFG_SCALES: Final = (0.0, 100.0)


@dataclass(frozen=True)
class ReadOrder:
    """A picture that somebody wants read, or an infotext."""

    picture: bytes | None
    """The file, byte for byte."""
    infotext: str
    """Instead of a picture; "" with one."""
    goal: str
    """One of the four goals, or something else."""
    wishes: Wishes
    """What nobody wants in a prompt."""


@dataclass(frozen=True)
class RecipeOrder:
    """A recipe that somebody wants kept."""

    study: str
    """Id of the study whose winner it is; "" with a *recipe*."""
    name: str
    """What to call it; "" leaves that to the study or the recipe."""
    recipe: Mapping[str, Any]
    """The recipe itself, as `GET recipes/NAME` shows it under "recipe"; empty with a *study*."""
    is_replacing: bool
    """Whether it may take the place of another one of its name."""


def read_order_of(body: Mapping[str, Any]) -> ReadOrder:
    """Take the body of `read` apart.

    Raises:
        InvalidInputError: a field is unknown or no good, or there is not exactly one thing to read.
    """
    fields = BodyFields(body)
    order = ReadOrder(
        fields.picture("picture"),
        fields.text("infotext", longest=1_000_000),
        fields.text("goal", "reproduce", longest=40),
        Wishes(fields.texts("block"), fields.texts("without_style")),
    )
    fields.refuse_others()
    if (order.picture is None) == (not order.infotext.strip()):
        raise InvalidInputError("Give either a picture, its file as base64, or an infotext.")
    return order


def study_order_of(body: Mapping[str, Any], usual_budget: int) -> StudyOrder:
    """Take the body of `studies` apart; *usual_budget* counts where it names none.

    Raises:
        InvalidInputError: a field is unknown or no good, or there is neither a picture nor a prompt.
    """
    fields = BodyFields(body)
    fields.refuse_halves()
    width, height = (fields.whole(name, 64, LARGEST_EDGE) for name in ("width", "height"))
    steps = fields.whole("steps", 1, MOST_STEPS)
    sampler_name = fields.text("sampler_name", longest=_LONGEST_NAME)
    baseline = _baseline_of(fields, width, height, steps, sampler_name) if fields.has("prompt") else None
    choices = TuneChoices(
        budget=fields.whole("budget", FEWEST_PICTURES, MOST_PICTURES) or usual_budget,
        search_seeds=fields.whole("search_seeds", 2, 64),
        held_out=fields.whole("held_out", 2, 512),
        steps=steps,
        sampler_name=sampler_name or None,
        size=_size_of(width, height),
        search_seed=fields.whole("search_seed", 0, _HIGHEST_SEED) or 0,
        controls=fields.flag("controls", True),
        cfg_range=fields.pair("cfg_range", *_CFG_SCALES),
        lora_range=fields.pair("lora_range", *_LORA_WEIGHTS),
        lora_ranges=fields.pairs("lora_ranges", *_LORA_WEIGHTS),
        layers=_layers_of(fields),
    )
    picture, name = fields.picture("picture"), fields.text("name", longest=_LONGEST_NAME)
    if baseline is None:
        _refuse_baseline_alone(fields)
    fields.refuse_others()
    return StudyOrder(picture, baseline, choices, name)


def proof_order_of(body: Mapping[str, Any]) -> int | None:
    """Return on how many *seeds* a second proof is wanted, None where the body leaves that to us.

    Raises:
        InvalidInputError: a field is unknown or no good.
    """
    fields = BodyFields(body)
    seeds = fields.whole("seeds", FEWEST_SEEDS, MOST_SEEDS)
    fields.refuse_others()
    return seeds


def recipe_order_of(body: Mapping[str, Any]) -> RecipeOrder:
    """Take the body of `recipes` apart.

    Raises:
        InvalidInputError: a field is unknown or no good, or there is not exactly one source.
    """
    fields = BodyFields(body)
    fields.refuse_halves()
    order = RecipeOrder(
        fields.text("study", longest=_LONGEST_NAME),
        fields.text("name", longest=_LONGEST_NAME),
        fields.object("recipe"),
        fields.flag("replace", False),
    )
    fields.refuse_others()
    if bool(order.study) == bool(order.recipe):
        raise InvalidInputError("Give either a study, whose winner is kept, or a recipe.")
    return order


def _baseline_of(
    fields: BodyFields, width: int | None, height: int | None, steps: int | None, sampler_name: str
) -> GenerationRequest:
    cfg_scale = fields.number("cfg_scale", *_CFG_SCALES)
    prompt = fields.text("prompt")
    if not prompt.strip():
        raise InvalidInputError("prompt is empty; give one, or leave it out and give a picture.")
    return GenerationRequest(
        prompt=prompt,
        negative_prompt=fields.text("negative_prompt"),
        seed=fields.whole("seed", 0, _HIGHEST_SEED) or 0,
        steps=steps or GenerationRequest.steps,
        sampler_name=sampler_name or GenerationRequest.sampler_name,
        scheduler=fields.text("scheduler", GenerationRequest.scheduler, longest=_LONGEST_NAME),
        cfg_scale=GenerationRequest.cfg_scale if cfg_scale is None else cfg_scale,
        width=(width or GenerationRequest.width) // 8 * 8,
        height=(height or GenerationRequest.height) // 8 * 8,
        clip_skip=fields.whole("clip_skip", 1, 12) or 1,
    )


def _refuse_baseline_alone(fields: BodyFields) -> None:
    for name in ("negative_prompt", "seed", "scheduler", "cfg_scale", "clip_skip"):
        if fields.has(name):
            raise InvalidInputError(f"{name} goes with a prompt; give both, or neither to take the picture's own.")


def _size_of(width: int | None, height: int | None) -> tuple[int, int] | None:
    if (width is None) != (height is None):
        raise InvalidInputError("Only one of width and height is given; give both or neither.")
    return None if width is None or height is None else (width // 8 * 8, height // 8 * 8)


def _layers_of(fields: BodyFields) -> tuple[NegativeLayer, ...] | None:
    layers = fields.text_lists("layers")
    if layers is None:
        return None
    if sum(len(terms) for _, terms in layers) > 60:
        raise InvalidInputError("The layers hold more than 60 terms; give fewer: past 15 they stop helping.")
    return tuple(NegativeLayer(name, terms) for name, terms in layers)
