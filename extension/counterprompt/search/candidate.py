"""One point of the search space, as a value that renders to a generation request."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from counterprompt.negative.layers import NegativeLayer
from counterprompt.prompts.comments import end_comment
from counterprompt.prompts.extra_networks import with_lora_weight

if TYPE_CHECKING:
    from collections.abc import Mapping

    from counterprompt.ports import GenerationRequest

OWN = "own"
"""How the user's own negative prompt is called among the pieces of a candidate."""


@dataclass(frozen=True)
class Candidate:
    """What a candidate changes in the user's own settings. One that changes nothing is the baseline."""

    keeps_own: bool = True
    """Whether the user's own negative prompt stays, word for word, before the layers."""
    layers: tuple[NegativeLayer, ...] = ()
    """Negative layers that are on, with the terms and emphasis they have here."""
    lora_weights: tuple[tuple[str, float], ...] = ()
    """LoRA name and weight, only for those that differ from the user's own."""
    cfg_scale: float | None = None
    """Guidance strength, or None for the user's own."""

    def render(self, baseline: GenerationRequest, seed: int) -> GenerationRequest:
        """Return the request for *seed* (0 to 2**32 - 1); what is not changed is the *baseline*'s, byte for byte."""
        prompt = baseline.prompt
        for name, weight in self.lora_weights:
            prompt = with_lora_weight(prompt, name, weight)
        cfg_scale = baseline.cfg_scale if self.cfg_scale is None else self.cfg_scale
        return replace(
            baseline, prompt=prompt, negative_prompt=self.negative_text(baseline), cfg_scale=cfg_scale, seed=seed
        )

    def negative_text(self, baseline: GenerationRequest) -> str:
        """Return the negative prompt: the *baseline*'s own text where it is kept, then each layer."""
        texts = [text for text in (layer.render() for layer in self.layers) if text]
        if not self.keeps_own or not baseline.negative_prompt.strip():
            return ", ".join(texts) if texts or not self.keeps_own else baseline.negative_prompt
        if not texts:
            return baseline.negative_prompt
        return ", ".join([end_comment(baseline.negative_prompt.rstrip(" ,\n")), *texts])

    def without(self, layer_name: str, term: str | None = None) -> Candidate:
        """Return a copy without one *term* of a layer, or without the whole layer (`OWN`: the user's own text)."""
        if layer_name == OWN:
            return replace(self, keeps_own=False)
        kept = []
        for layer in self.layers:
            if layer.name != layer_name:
                kept.append(layer)
                continue
            terms = tuple(each for each in layer.terms if term is not None and each != term)
            if terms:
                kept.append(replace(layer, terms=terms))
        return replace(self, layers=tuple(kept))


BASELINE = Candidate()
"""The user's own settings, unchanged."""


def candidate_to_json(candidate: Candidate) -> dict[str, Any]:
    """Return *candidate* as values that JSON knows."""
    return asdict(candidate)


def candidate_from_json(values: Mapping[str, Any]) -> Candidate:
    """Read a candidate back from what `candidate_to_json` returned, also after a round through JSON text."""
    return Candidate(
        keeps_own=values["keeps_own"],
        layers=tuple(layer_from_json(layer) for layer in values["layers"]),
        lora_weights=tuple((name, weight) for name, weight in values["lora_weights"]),
        cfg_scale=values["cfg_scale"],
    )


def layer_from_json(values: Mapping[str, Any]) -> NegativeLayer:
    """Read a negative layer from its fields."""
    return NegativeLayer(**{**values, "terms": tuple(values["terms"])})
