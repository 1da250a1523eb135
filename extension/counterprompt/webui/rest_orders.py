"""What the bodies of our routes ask for, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from counterprompt.advice.choice import Wishes
from counterprompt.errors import InvalidInputError
from counterprompt.ports import GenerationRequest
from counterprompt.search.power import FEWEST_SEEDS, MOST_SEEDS
from counterprompt.webui.rest_choices import CFG_SCALES, HIGHEST_SEED, LONGEST_NAME, choices_of
from counterprompt.webui.rest_fields import BodyFields
from counterprompt.webui.study_values import StudyOrder

if TYPE_CHECKING:
    from counterprompt.workflow.baseline import TuneChoices


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
    choices = choices_of(fields, usual_budget)
    baseline = _baseline_of(fields, choices) if fields.has("prompt") else None
    picture, name = fields.picture("picture"), fields.text("name", longest=LONGEST_NAME)
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
        fields.text("study", longest=LONGEST_NAME),
        fields.text("name", longest=LONGEST_NAME),
        fields.object("recipe"),
        fields.flag("replace", False),
    )
    fields.refuse_others()
    if bool(order.study) == bool(order.recipe):
        raise InvalidInputError("Give either a study, whose winner is kept, or a recipe.")
    return order


def _baseline_of(fields: BodyFields, choices: TuneChoices) -> GenerationRequest:
    cfg_scale = fields.number("cfg_scale", *CFG_SCALES)
    prompt = fields.text("prompt")
    if not prompt.strip():
        raise InvalidInputError("prompt is empty; give one, or leave it out and give a picture.")
    width, height = choices.size or (GenerationRequest.width, GenerationRequest.height)
    return GenerationRequest(
        prompt=prompt,
        negative_prompt=fields.text("negative_prompt"),
        seed=fields.whole("seed", 0, HIGHEST_SEED) or 0,
        steps=choices.steps or GenerationRequest.steps,
        sampler_name=choices.sampler_name or GenerationRequest.sampler_name,
        scheduler=fields.text("scheduler", GenerationRequest.scheduler, longest=LONGEST_NAME),
        cfg_scale=GenerationRequest.cfg_scale if cfg_scale is None else cfg_scale,
        width=width,
        height=height,
        clip_skip=fields.whole("clip_skip", 1, 12) or 1,
    )


def _refuse_baseline_alone(fields: BodyFields) -> None:
    for name in ("negative_prompt", "seed", "scheduler", "cfg_scale", "clip_skip"):
        if fields.has(name):
            raise InvalidInputError(f"{name} goes with a prompt; give both, or neither to take the picture's own.")
