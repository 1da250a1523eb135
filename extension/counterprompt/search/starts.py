"""The candidates every study looks at first: the controls, and what the rules recommend."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counterprompt.search.candidate import OWN
from counterprompt.search.space import DYNAMIC, SearchSpace, own_lora_weights

if TYPE_CHECKING:
    from counterprompt.ports import GenerationRequest

USUAL_LORA_WEIGHT = 0.7
"""Where to start from with a LoRA, by rule of thumb."""

USUAL_CFG_SCALE = 8.0
"""Where to start from with CFG, by rule of thumb."""


FEW_BELOW = 120
"""Budget in pictures below which only the baseline and the rules' prior are tried first: the rest of the list would
take half of such a search."""


def starting_params(
    space: SearchSpace, baseline: GenerationRequest, picture_budget: int = FEW_BELOW
) -> list[dict[str, float]]:
    """Return the parameters to try first; the first set is the baseline's own.

    Then come: no negative prompt at all, all layers, the same at the usual LoRA weight and CFG scale (the rules'
    prior), the user's own text at those, the same with everything, all shortlisted terms, these with all layers, and
    each layer alone.
    """
    names = [layer.name for layer in space.layers] + ([DYNAMIC] if space.dynamic_terms else [])
    has_own = bool(baseline.negative_prompt.strip())
    stock = [name for name in names if name != DYNAMIC]
    choices = [(True, []), (False, []), (False, stock), (has_own, names)]
    if space.dynamic_terms:
        choices += [(False, [DYNAMIC]), (False, names)]
    choices += [(False, [name]) for name in names]
    sets = [_params(space, baseline, keeps_own and has_own, on) for keeps_own, on in choices]
    sets.insert(3, {**sets[2], **_rule_of_thumb(space)})
    sets.insert(4, {**sets[0], **_rule_of_thumb(space)})
    if picture_budget < FEW_BELOW:
        sets = [sets[0], sets[3]]
    return [each for at, each in enumerate(sets) if each not in sets[:at]]


def _rule_of_thumb(space: SearchSpace) -> dict[str, float]:
    params = {f"lora:{lora.name}": min(max(USUAL_LORA_WEIGHT, lora.low), lora.high) for lora in space.loras}
    if space.cfg_range is not None:
        params["cfg_scale"] = min(max(USUAL_CFG_SCALE, space.cfg_range[0]), space.cfg_range[1])
    return params


def _params(space: SearchSpace, baseline: GenerationRequest, keeps_own: bool, on: list[str]) -> dict[str, float]:
    params: dict[str, float] = {}
    if baseline.negative_prompt.strip():
        params[OWN] = int(keeps_own)
    low, high = space.emphasis_range
    for name in [layer.name for layer in space.layers] + ([DYNAMIC] if space.dynamic_terms else []):
        params[f"layer:{name}"] = int(name in on)
        if name in on:
            params[f"emphasis:{name}"] = min(max(1.0, low), high)
    params.update({f"term:{term}": 1 for layer in space.free_layers if layer.name in on for term in layer.terms})
    own = own_lora_weights(baseline.prompt)
    for lora in space.loras:
        params[f"lora:{lora.name}"] = min(max(own.get(lora.name, lora.high), lora.low), lora.high)
    if space.cfg_range is not None:
        params["cfg_scale"] = min(max(baseline.cfg_scale, space.cfg_range[0]), space.cfg_range[1])
    return params
