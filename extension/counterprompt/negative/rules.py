"""The rules by which negative prompts are composed: ids, sentences for reports, and the bands of DESIGN 2."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

CFG_MUTE: Final = "N-CFG-MUTE"
"""The band in which no negative prompt has any effect, whatever it says."""

RULES: Final[Mapping[str, str]] = {
    "N-ASKED": "The prompt asks for it, and no layer negates what the prompt asks for.",
    "N-REPEAT": "Another layer holds it already.",
    "N-LIMIT": "Past about fifteen terms the gain collapses, so terms compete for a place.",
    "N-LORA-LEAN": "A LoRA below 0.6 needs little restraint: the negative prompt stays lean.",
    "N-LORA-NORMAL": "A LoRA from 0.6 to 0.9 goes with the normal layers.",
    "N-LORA-STRONG": "A LoRA above 0.9 spills: overexposure and garish colors are pushed away harder.",
    CFG_MUTE: "At CFG scale 1 the negative prompt has no effect.",
    "N-CFG-LOW": "Below CFG scale 6 the picture heeds the prompt little, and the negative prompt as well.",
    "N-CFG-NORMAL": "From CFG scale 6 to 12 the negative prompt works as usual.",
    "N-CFG-HARSH": "Above CFG scale 12 pictures turn harsh and long negative prompts make it worse: fewer terms.",
}
"""Rule id to the sentence that explains it. Priors: measurement overrules them."""

LIMITS: Final[Mapping[str, int]] = {"N-LORA-LEAN": 8, "N-CFG-HARSH": 10}
"""How many terms a band allows at most."""

SPILL_EMPHASIS: Final = 1.2
"""How strongly the terms against spill count."""


def lora_band(lora_weight: float | None) -> str | None:
    """Return the rule id for the largest LoRA weight in use, or None without a LoRA."""
    if lora_weight is None or lora_weight == 0:
        return None
    if lora_weight < 0.6:
        return "N-LORA-LEAN"
    return "N-LORA-STRONG" if lora_weight > 0.9 else "N-LORA-NORMAL"


def cfg_band(cfg_scale: float) -> str:
    """Return the rule id for a CFG scale."""
    if cfg_scale <= 1:
        return CFG_MUTE
    if cfg_scale < 6:
        return "N-CFG-LOW"
    return "N-CFG-HARSH" if cfg_scale > 12 else "N-CFG-NORMAL"
