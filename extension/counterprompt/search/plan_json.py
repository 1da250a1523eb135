"""A plan as JSON and back: what a study folder keeps to resume from."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from counterprompt.errors import InvalidInputError
from counterprompt.negative.layers import NegativeLayer
from counterprompt.ports import GenerationRequest
from counterprompt.search.guard_limits import GuardLimits
from counterprompt.search.plan import StudyPlan
from counterprompt.search.score_weights import ScoreWeights
from counterprompt.search.space import LoraRange, SearchSpace

if TYPE_CHECKING:
    from collections.abc import Mapping


PLAN_VERSION = 2
"""Raised when an older plan can no longer be read."""


def plan_to_json(plan: StudyPlan) -> dict[str, Any]:
    """Return *plan* as values that JSON knows."""
    return {"version": PLAN_VERSION, **asdict(plan)}


def plan_from_json(values: Mapping[str, Any]) -> StudyPlan:
    """Read a plan back from what `plan_to_json` returned, also after a round through JSON text.

    Raises:
        InvalidInputError: it is of another version, or something is missing or out of range.
    """
    if values.get("version") != PLAN_VERSION:
        raise InvalidInputError(
            f"The study's plan has version {values.get('version')}, not {PLAN_VERSION}; start a new study."
        )
    try:
        return StudyPlan(
            baseline=GenerationRequest(**values["baseline"]),
            space=_space_from_json(values["space"]),
            search_seeds=tuple(values["search_seeds"]),
            proof_seeds=tuple(values["proof_seeds"]),
            picture_budget=values["picture_budget"],
            finalists=values["finalists"],
            score_weights=ScoreWeights(**values["score_weights"]),
            guard_limits=GuardLimits(**values.get("guard_limits", {})),
            looks_again=values.get("looks_again", False),
            anti_prompt_seeds=values.get("anti_prompt_seeds", 0),
            tries_schedules=values.get("tries_schedules", False),
            search_seed=values["search_seed"],
            notes=tuple((name, text) for name, text in values["notes"]),
            minutes=values.get("minutes"),
            has_controls=bool(values.get("has_controls", False)),
            stops_early=bool(values.get("stops_early", False)),
        )
    except (KeyError, TypeError, IndexError, AttributeError, ValueError) as error:
        raise InvalidInputError(f"The study's plan is damaged ({error}); start a new study.") from error


def _space_from_json(values: Mapping[str, Any]) -> SearchSpace:
    """Read a space from the fields that `dataclasses.asdict` gives, also after a round through JSON text."""
    return SearchSpace(
        layers=tuple(NegativeLayer(**{**layer, "terms": tuple(layer["terms"])}) for layer in values["layers"]),
        dynamic_terms=tuple(values["dynamic_terms"]),
        loras=tuple(LoraRange(**lora) for lora in values["loras"]),
        cfg_range=None if values["cfg_range"] is None else (values["cfg_range"][0], values["cfg_range"][1]),
        emphasis_range=(values["emphasis_range"][0], values["emphasis_range"][1]),
        term_limit=values["term_limit"],
        single_terms=values["single_terms"],
    )
