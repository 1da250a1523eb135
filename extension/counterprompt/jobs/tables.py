"""What may stand in a job file: every name, and what it takes. The one table that reading and documentation share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from counterprompt.jobs.budgets import PRESETS
from counterprompt.jobs.limits import CFG_SCALES, GUARD_LIMITS, GUARDS, LORA_WEIGHTS, MINUTES, WEIGHT_LIMITS, WEIGHTS
from counterprompt.jobs.marked_yaml import Marked, MarkedMapping
from counterprompt.jobs.value_readers import (
    ReadValue,
    listed,
    named,
    number,
    size_of,
    span,
    switch_of,
    text_of,
    text_or_empty,
    whole_number,
    word_of,
)

if TYPE_CHECKING:
    from collections.abc import Mapping


def _lora(value: Marked) -> Any:
    lora_span = span(*LORA_WEIGHTS)
    return named(lora_span)(value) if isinstance(value, MarkedMapping) else lora_span(value)


SETTINGS: Final[Mapping[str, ReadValue]] = {
    "generator": listed(text_of),
    "budget": whole_number(40, 100_000),
    "preset": word_of(tuple(PRESETS)),
    "minutes": number(*MINUTES),
    "search_seeds": whole_number(2, 64),
    "held_out": whole_number(2, 512),
    "search_seed": whole_number(0, 2**31),
    "controls": switch_of,
    "stop_early": switch_of,
    "steps": whole_number(1, 150),
    "sampler": text_of,
    "size": size_of,
    "cfg": span(*CFG_SCALES),
    "lora": _lora,
    "weights": named(number(*WEIGHT_LIMITS), WEIGHTS),
    "guards": named(number(*GUARD_LIMITS), GUARDS),
    "auditor": text_of,
    "preference": text_of,
    "tag_artifacts": switch_of,
    "look_again": switch_of,
    "anti_prompt": switch_of,
    "schedules": switch_of,
    "tagger": text_of,
    "scorer": text_of,
}
"""What a job may say and what `defaults` may say for all of them."""

SUBJECT: Final[Mapping[str, ReadValue]] = {
    "name": text_of,
    "picture": text_of,
    "pictures": listed(text_of),
    "prompt": text_of,
    "negative_prompt": text_or_empty,
    "seed": whole_number(0, 2**32 - 1),
    "cfg_scale": number(1.0, 30.0),
}
"""What only a job says: what it is about."""

JOB: Final[Mapping[str, ReadValue]] = {**SUBJECT, **SETTINGS}
"""All that a job may say."""

GENERATOR: Final[Mapping[str, ReadValue]] = {
    "kind": text_of,
    "url": listed(text_of),
    "auth_variable": text_of,
    "checkpoint": text_of,
    "lora_folder": text_of,
}
"""What a generator may say."""


def _as_it_stands(value: Marked) -> Marked:
    return value


TOP: Final[Mapping[str, ReadValue]] = dict.fromkeys(("output", "generators", "defaults", "jobs"), _as_it_stands)
"""The names at the top of a job file."""
