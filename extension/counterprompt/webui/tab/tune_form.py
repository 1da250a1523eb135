"""What the user set in the Tune step, checked and made into a study's order."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from counterprompt.errors import InvalidInputError
from counterprompt.negative.evidence import dynamic_layer
from counterprompt.negative.layers import NegativeLayer
from counterprompt.negative.subject import layers_for, medium_of, subject_of
from counterprompt.ports import GenerationRequest
from counterprompt.prompts.terms import split_terms
from counterprompt.search.picture_cost import Drawing
from counterprompt.search.plan import SMALLEST_BUDGET
from counterprompt.webui.options import MOST_PICTURES
from counterprompt.webui.tab.limits import LAYERS, MOST_MINUTES, MOST_QUESTIONS
from counterprompt.webui.tab.tune_values import LayerRow
from counterprompt.workflow.baseline import TuneChoices

if TYPE_CHECKING:
    from collections.abc import Mapping

    from counterprompt.workflow.story import PictureStory

_MOST_TERMS: Final = 60
_WIDEST_CFG: Final = (1.0, 30.0)


def tuned_prompt(story: PictureStory) -> str:
    """Return the prompt that a study of the picture's own settings is about."""
    return story.reading.params.prompt if story.reading.params else story.advice.prompt


def offered_rows(story: PictureStory) -> tuple[LayerRow, ...]:
    """Return the layers that suit the picture, one row for each of LAYERS; those that do not are off and empty."""
    prompt = tuned_prompt(story)
    suited = {layer.name: layer.terms for layer in layers_for(subject_of(prompt), medium_of(prompt))}
    suited["dynamic"] = dynamic_layer(story.diff).terms
    return tuple(
        LayerRow(name, bool(suited.get(name)) or name == "dynamic", ", ".join(suited.get(name, ()))) for name in LAYERS
    )


def choices_from(
    rows: Sequence[LayerRow],
    cfg: Sequence[object],
    budget: object,
    minutes: object = 0,
    lora_ranges: tuple[tuple[str, tuple[float, float]], ...] = (),
) -> TuneChoices:
    """Check the form and return it as choices; *cfg* holds the lower and the upper end, 0 *minutes* are no limit.

    Raises:
        InvalidInputError: a number is out of range, or a layer has too many terms.
    """
    limit = _number("time limit", minutes or 0, 0, MOST_MINUTES)
    return TuneChoices(
        budget=int(_number("budget", budget, SMALLEST_BUDGET, MOST_PICTURES)),
        minutes=limit or None,
        cfg_range=_range("CFG scale", cfg, _WIDEST_CFG),
        lora_ranges=lora_ranges,
        layers=tuple(NegativeLayer(row.name, _terms(row)) for row in rows if row.is_on and row.terms.strip()),
    )


def questions_from(value: object) -> int:
    """Check how often the user wants to be asked, 0 for never.

    Raises:
        InvalidInputError: it is no number from 0 to MOST_QUESTIONS.
    """
    return int(_number("number of questions", value or 0, 0, MOST_QUESTIONS))


def request_from(values: Mapping[str, Any]) -> GenerationRequest:
    """Return what stands in txt2img as a request; *values* are its fields by their label in an infotext.

    Raises:
        InvalidInputError: there is no prompt, or a number is none.
    """
    prompt = str(values.get("Prompt") or "")
    if not prompt.strip():
        raise InvalidInputError("The prompt in txt2img is empty; send one there first, or tune the picture's own.")
    seed = int(_number("seed", values.get("Seed") or 0, -1, 2**32 - 1))
    drawing = drawing_from(values)
    return GenerationRequest(
        prompt=prompt,
        negative_prompt=str(values.get("Negative prompt") or ""),
        seed=max(seed, 0) or 1,
        steps=drawing.steps,
        sampler_name=str(values.get("Sampler") or "Euler"),
        scheduler=str(values.get("Schedule type") or "Automatic"),
        cfg_scale=_number("CFG scale", values.get("CFG scale") or 7.0, 0, 100),
        width=drawing.width,
        height=drawing.height,
    )


def drawing_from(values: Mapping[str, Any]) -> Drawing:
    """Return steps and size of what stands in txt2img.

    Raises:
        InvalidInputError: a number is none, or out of range.
    """
    return Drawing(
        int(_number("steps", values.get("Steps") or 20, 1, 1000)),
        int(_number("width", values.get("Size-1") or 512, 8, 2048)) // 8 * 8,
        int(_number("height", values.get("Size-2") or 512, 8, 2048)) // 8 * 8,
    )


def _terms(row: LayerRow) -> tuple[str, ...]:
    terms = tuple(term.text for term in split_terms(row.terms))
    if len(terms) > _MOST_TERMS:
        raise InvalidInputError(f"The layer {row.name} has {len(terms)} terms; leave at most {_MOST_TERMS}.")
    return terms


def _range(name: str, ends: Sequence[object], widest: tuple[float, float]) -> tuple[float, float]:
    low, high = (_number(name, end, *widest) for end in ends)
    if low > high:
        raise InvalidInputError(f"The range of {name} runs from {low:g} to {high:g}; give the lower end first.")
    return low, high


def _number(name: str, value: object, low: float, high: float) -> float:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
    if not is_number or not low <= float(str(value)) <= high:
        raise InvalidInputError(f"The {name} is {str(value)[:40]!r}; give a number from {low:g} to {high:g}.")
    return float(str(value))
