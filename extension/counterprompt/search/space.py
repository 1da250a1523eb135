"""What may be varied, within the rules and the user's ranges, and how a trial's parameters become a candidate."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from counterprompt.errors import InvalidInputError
from counterprompt.negative.competition import drop_asked, drop_repeats, drop_surplus
from counterprompt.negative.layers import NegativeLayer
from counterprompt.prompts.terms import split_terms
from counterprompt.search.candidate import OWN, Candidate
from counterprompt.search.own_loras import LORA_BOUNDS, own_loras, weights_to_try

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from optuna.trial import BaseTrial

    from counterprompt.ports import GenerationRequest

DYNAMIC = "dynamic"
"""Name of the layer whose terms come from evidence and are chosen one by one."""

TERM_LIMIT = 15
"""Past about this many terms the gain collapses and pictures stiffen."""

CFG_BOUNDS = (3.0, 12.0)
"""No search leaves these: preference scores go on rising with CFG after pictures have broken."""

CFG_REACH = 3.0
"""How far from the user's own CFG scale the search looks by default."""

USUAL_CFG = (5.0, 8.0)
"""The usual CFG scales, which the search always looks at too."""


@dataclass(frozen=True)
class LoraRange:
    """Within which weights one LoRA of the prompt is varied."""

    name: str
    """As written in `<lora:name:weight>`."""
    low: float = LORA_BOUNDS[0]
    """Lowest weight."""
    high: float = LORA_BOUNDS[1]
    """Highest weight."""


@dataclass(frozen=True)
class SearchSpace:
    """The dimensions of one study."""

    layers: tuple[NegativeLayer, ...] = ()
    """Negative layers on offer; each is on or off as a whole."""
    dynamic_terms: tuple[str, ...] = ()
    """Shortlisted terms, each on or off by itself, at most `TERM_LIMIT`."""
    loras: tuple[LoraRange, ...] = ()
    """LoRAs whose weight is varied."""
    cfg_range: tuple[float, float] | None = None
    """Lowest and highest CFG scale, or None to leave it alone."""
    emphasis_range: tuple[float, float] = (0.8, 1.4)
    """Lowest and highest emphasis of a layer that is on."""
    term_limit: int = TERM_LIMIT
    """Most terms of a composed negative prompt, the user's own ones counted."""
    single_terms: bool = False
    """Whether every term of every layer is on or off by itself, not the dynamic ones alone."""

    def __post_init__(self) -> None:
        ranges = [("emphasis", *self.emphasis_range), *((each.name, each.low, each.high) for each in self.loras)]
        if self.cfg_range is not None:
            ranges.append(("CFG scale", *self.cfg_range))
        for name, low, high in ranges:
            if not low <= high:
                raise InvalidInputError(f"The range of {name} runs from {low} to {high}; give the lower end first.")

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all could be varied, the user's own negative prompt aside."""
        return not (self.layers or self.dynamic_terms or self.loras or self.cfg_range)

    @property
    def offered_layers(self) -> tuple[NegativeLayer, ...]:
        """All layers on offer, the dynamic one last."""
        return (*self.layers, NegativeLayer(DYNAMIC, self.dynamic_terms)) if self.dynamic_terms else self.layers

    @property
    def free_layers(self) -> tuple[NegativeLayer, ...]:
        """The layers whose terms are on or off one by one."""
        return tuple(layer for layer in self.offered_layers if self.single_terms or layer.name == DYNAMIC)

    def with_dynamic_terms(self, terms: Sequence[str]) -> SearchSpace:
        """Return a copy that also offers *terms*, best evidence first, up to the limit."""
        merged = tuple(dict.fromkeys((*self.dynamic_terms, *terms)))
        return replace(self, dynamic_terms=merged[: self.term_limit])

    def suggest_candidate(self, trial: BaseTrial, baseline: GenerationRequest) -> Candidate:
        """Ask *trial* for every dimension and compose the candidate.

        On and off are integers, so that every search sampler can be used; what only matters while a layer is on is only
        asked then.
        """
        return self.compose(self._suggest_params(trial, baseline), baseline)

    def _suggest_params(self, trial: BaseTrial, baseline: GenerationRequest) -> dict[str, float]:
        params: dict[str, float] = {}
        if baseline.negative_prompt.strip():
            params[OWN] = trial.suggest_int(OWN, 0, 1)
        for name in [layer.name for layer in self.offered_layers]:
            params[f"layer:{name}"] = trial.suggest_int(f"layer:{name}", 0, 1)
            if params[f"layer:{name}"]:
                params[f"emphasis:{name}"] = trial.suggest_float(f"emphasis:{name}", *self.emphasis_range)
        for layer in self.free_layers:
            for term in layer.terms if params[f"layer:{layer.name}"] else ():
                params[f"term:{term}"] = trial.suggest_int(f"term:{term}", 0, 1)
        for lora in self.loras:
            params[f"lora:{lora.name}"] = trial.suggest_float(f"lora:{lora.name}", lora.low, lora.high)
        if self.cfg_range is not None:
            params["cfg_scale"] = trial.suggest_float("cfg_scale", *self.cfg_range)
        return params

    def compose(self, params: Mapping[str, Any], baseline: GenerationRequest) -> Candidate:
        """Compose the candidate that *params* describe.

        Terms that the user's kept text already holds are left out; beyond the limit layers take turns with their
        first terms, evidence first.
        """
        keeps_own = bool(params.get(OWN, 1))
        own = [term.text for term in split_terms(baseline.negative_prompt)] if keeps_own else []
        # The user's text takes part as a layer, so that repeats of it are recognised, and is taken off again.
        layers, _ = drop_repeats([NegativeLayer(OWN, tuple(own)), *self._layers_on(params)])
        layers, _ = drop_surplus(layers[1:], max(0, self.term_limit - len(own)))
        return Candidate(
            keeps_own,
            tuple(layer for layer in layers if layer.terms),
            self._lora_weights(params, baseline),
            self._cfg(params, baseline),
        )

    def _layers_on(self, params: Mapping[str, Any]) -> list[NegativeLayer]:
        free = {layer.name for layer in self.free_layers}
        # The dynamic layer comes first: what repeats is dropped from the later one.
        offered = sorted(self.offered_layers, key=lambda layer: layer.name != DYNAMIC)
        return [
            replace(
                layer,
                terms=tuple(term for term in layer.terms if layer.name not in free or params.get(f"term:{term}", 0)),
                emphasis=round(params.get(f"emphasis:{layer.name}", 1.0), 1),
            )
            for layer in offered
            if params.get(f"layer:{layer.name}", 0)
        ]

    def _lora_weights(self, params: Mapping[str, Any], baseline: GenerationRequest) -> tuple[tuple[str, float], ...]:
        own = own_lora_weights(baseline.prompt)
        chosen = ((lora.name, params.get(f"lora:{lora.name}")) for lora in self.loras)
        rounded = ((name, round(weight, 2)) for name, weight in chosen if weight is not None)
        return tuple((name, weight) for name, weight in rounded if weight != round(own.get(name, -1.0), 2))

    def _cfg(self, params: Mapping[str, Any], baseline: GenerationRequest) -> float | None:
        chosen = params.get("cfg_scale")
        if chosen is None or round(chosen, 1) == round(baseline.cfg_scale, 1):
            return None
        return round(float(chosen), 1)


def own_lora_weights(prompt: str) -> dict[str, float]:
    """Return name and weight of every LoRA in *prompt*."""
    return {name: tag.weight for name, tag in own_loras(prompt).items()}


def space_for(
    baseline: GenerationRequest,
    layers: Sequence[NegativeLayer],
    dynamic_terms: Sequence[str] = (),
    *,
    cfg_range: tuple[float, float] | None = None,
    lora_range: tuple[float, float] | None = None,
) -> SearchSpace:
    """Bound a search space by the rules: the user's own values stay inside, nothing the prompt asks for is negated.

    *cfg_range* defaults to three around the user's own and the usual 5 to 8, within 3 to 12. *lora_range* defaults to
    `LORA_BOUNDS`, which hold for the larger part of a LoRA whose text encoder and diffusion model have weights of their
    own. At CFG 1 and below the negative prompt is mute: then only LoRA weights are left to vary.
    """
    loras = tuple(
        LoraRange(tag.name, *weights_to_try(tag, lora_range))
        for tag in own_loras(baseline.prompt).values()
        if not tag.fault
    )
    if baseline.cfg_scale <= 1:
        return SearchSpace(loras=loras)
    if cfg_range is None:
        low, high = min(baseline.cfg_scale - CFG_REACH, USUAL_CFG[0]), max(baseline.cfg_scale + CFG_REACH, USUAL_CFG[1])
        near = (max(CFG_BOUNDS[0], low), min(CFG_BOUNDS[1], high))
        cfg_range = (min(near[0], baseline.cfg_scale), max(near[1], baseline.cfg_scale))
    asked = split_terms(baseline.prompt)
    offered, _ = drop_asked([layer for layer in layers if layer.name != DYNAMIC], asked)
    (dynamic,), _ = drop_asked([NegativeLayer(DYNAMIC, tuple(dict.fromkeys(dynamic_terms)))], asked)
    return SearchSpace(tuple(layer for layer in offered if layer.terms), dynamic.terms[:TERM_LIMIT], loras, cfg_range)
