"""The user's ranges: within which the search may look."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from counterprompt.search.space import LoraRange, SearchSpace, own_lora_weights, space_for

if TYPE_CHECKING:
    from collections.abc import Sequence

    from counterprompt.negative.layers import NegativeLayer
    from counterprompt.ports import GenerationRequest
    from counterprompt.workflow.baseline import TuneChoices


def space_within(
    choices: TuneChoices, baseline: GenerationRequest, layers: Sequence[NegativeLayer], dynamic_terms: Sequence[str]
) -> SearchSpace:
    """Bound the search space by the rules and by the ranges of *choices*, wide enough to hold the user's own values.

    A LoRA whose range is its own weight alone is not varied, nor is the CFG scale then.
    """
    cfg_range = choices.cfg_range
    if cfg_range is not None:
        cfg_range = _including(baseline.cfg_scale, cfg_range)
    space = space_for(
        baseline,
        layers,
        dynamic_terms,
        cfg_range=cfg_range,
        lora_range=choices.lora_range,
    )
    if space.cfg_range is not None and space.cfg_range[0] == space.cfg_range[1]:
        space = replace(space, cfg_range=None)
    own, wished = own_lora_weights(baseline.prompt), dict(choices.lora_ranges)
    loras = [
        LoraRange(lora.name, *_including(own[lora.name], wished[lora.name])) if lora.name in wished else lora
        for lora in space.loras
    ]
    return replace(space, loras=tuple(lora for lora in loras if lora.low < lora.high))


def _including(value: float, ends: tuple[float, float]) -> tuple[float, float]:
    return min(value, ends[0]), max(value, ends[1])
