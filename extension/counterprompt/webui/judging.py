"""How a study judges its pictures, as somebody says it: one reader for REST and the tab, so that neither drifts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from counterprompt.errors import InvalidInputError
from counterprompt.jobs.limits import GUARD_LIMITS, GUARDS, WEIGHT_LIMITS, WEIGHTS
from counterprompt.search.guard_limits import GuardLimits
from counterprompt.search.score_weights import ScoreWeights
from counterprompt.webui.rest_fields import BodyFields, parse_body

if TYPE_CHECKING:
    from counterprompt.workflow.baseline import TuneChoices

SWITCHES = ("schedules", "look_again", "anti_prompt")
"""What may be tried beside the search itself, by the names of job files."""


def with_judging(choices: TuneChoices, fields: BodyFields) -> TuneChoices:
    """Return *choices* with the weights, the guards' limits and the switches that *fields* name; the rest is as usual.

    Raises:
        InvalidInputError: one of them is no good.
    """
    weights = fields.numbers("weights", WEIGHTS, *WEIGHT_LIMITS)
    guards = fields.numbers("guards", GUARDS, *GUARD_LIMITS)
    schedules, looks, opposite = (fields.flag(name, False) for name in SWITCHES)
    return replace(
        choices,
        score_weights=ScoreWeights(**weights) if weights else None,
        guard_limits=GuardLimits(**guards) if guards else None,
        tries_schedules=schedules,
        looks_again=looks,
        has_anti_prompt=opposite,
    )


def judged_as(text: object, choices: TuneChoices) -> TuneChoices:
    """Return *choices* judged as the tab's fold says in *text*: JSON that a body of REST may hold, "" for as usual.

    Raises:
        InvalidInputError: it is no such text, or says something that is no good.
    """
    told = str(text or "")
    if not told.strip():
        return choices
    try:
        fields = BodyFields(parse_body(told.encode("utf-8", "surrogatepass")))
    except InvalidInputError as error:
        raise InvalidInputError("How pictures are judged could not be read; load the page again.") from error
    judged = with_judging(choices, fields)
    fields.refuse_others()
    return judged
