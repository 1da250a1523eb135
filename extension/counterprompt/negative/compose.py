"""Composition: from layers to one negative prompt, each decision with the id of its rule."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from counterprompt.errors import InvalidInputError
from counterprompt.negative.competition import DroppedTerm, drop_asked, drop_repeats, drop_surplus
from counterprompt.negative.layers import SPILL_TERMS, NegativeLayer
from counterprompt.negative.rules import CFG_MUTE, LIMITS, SPILL_EMPHASIS, cfg_band, lora_band

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from counterprompt.prompts.terms import PromptTerm


@dataclass(frozen=True)
class ComposedNegative:
    """A negative prompt with how it came about."""

    text: str
    """What to write into the negative prompt field; empty where no term was left."""
    terms: tuple[str, ...]
    """Every term in it, in order, without syntax."""
    layers: tuple[NegativeLayer, ...]
    """The layers as they were written; none is empty."""
    dropped: tuple[DroppedTerm, ...]
    """What was taken out, and by which rule."""
    notes: tuple[str, ...]
    """Ids of the LoRA and CFG bands it was composed for, keys of `rules.RULES`."""

    @property
    def is_mute(self) -> bool:
        """Whether it has no effect, whatever it says."""
        return CFG_MUTE in self.notes


def compose_negative(
    layers: Sequence[NegativeLayer],
    *,
    asked: Iterable[PromptTerm] = (),
    lora_weight: float | None = None,
    cfg_scale: float = 7.0,
    limit: int = 15,
) -> ComposedNegative:
    """Join *layers* into a negative prompt that negates nothing asked for and stays short.

    Args:
        layers: in the order they are written; names differ;
            a layer named "dynamic" is served first when places are few.
        asked: the terms of the positive prompt.
        lora_weight: the largest LoRA weight in use, or None without a LoRA.
        cfg_scale: the CFG scale it is written for.
        limit: how many terms at most; the bands of rules N-LORA-LEAN and N-CFG-HARSH lower it.

    Raises:
        InvalidInputError: *limit* is negative, or two layers share a name.
    """
    _refuse_unusable(layers, limit)
    notes = tuple(band for band in (lora_band(lora_weight), cfg_band(cfg_scale)) if band)
    fitted = _with_spill_layer(layers) if "N-LORA-STRONG" in notes else list(layers)
    fitted, conflicting = drop_asked(fitted, asked)
    fitted, repeated = drop_repeats(fitted)
    fitted, surplus = drop_surplus(fitted, min([limit, *(LIMITS[note] for note in notes if note in LIMITS)]))
    written = tuple(layer for layer in fitted if layer.terms)
    return ComposedNegative(
        text=", ".join(layer.render() for layer in written),
        terms=tuple(term for layer in written for term in layer.terms),
        layers=written,
        dropped=(*conflicting, *repeated, *surplus),
        notes=notes,
    )


def _refuse_unusable(layers: Sequence[NegativeLayer], limit: int) -> None:
    if limit < 0:
        raise InvalidInputError(f"A negative prompt cannot have {limit} terms at most; give 0 or more.")
    names = [layer.name for layer in layers]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise InvalidInputError(f"Two negative layers are named {twice!r}; give each its own name.")


def _with_spill_layer(layers: Sequence[NegativeLayer]) -> list[NegativeLayer]:
    """Put the terms against spill first, so that a weaker layer's copy of them is the one to go."""
    if any(layer.name == "spill" for layer in layers):
        return list(layers)
    return [NegativeLayer("spill", SPILL_TERMS, SPILL_EMPHASIS), *layers]
