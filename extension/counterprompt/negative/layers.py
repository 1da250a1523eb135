"""The layers of a negative prompt, as data (DESIGN 2), and how one layer is written."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from counterprompt.errors import InvalidInputError
from counterprompt.prompts.emphasis import escape_brackets, render_emphasis

if TYPE_CHECKING:
    from collections.abc import Iterable

BASE_TERMS: Final = ("low quality", "worst quality", "blurry", "noisy", "grainy", "overexposed", "underexposed")
STRUCTURE_TERMS: Final = ("bad anatomy", "extra limbs", "fused fingers", "malformed hands", "distorted face")
ANIMAL_STRUCTURE_TERMS: Final = ("bad anatomy", "extra limbs", "extra legs", "distorted face")
OBJECT_STRUCTURE_TERMS: Final = ("deformed", "distorted proportions", "disconnected parts", "warped lines")
MARK_TERMS: Final = ("watermark", "logo", "text")
"""Marks that no medium wants."""
SPILL_TERMS: Final = ("overexposed", "garish colors")
"""What a LoRA above weight 0.9 spills."""


@dataclass(frozen=True)
class NegativeLayer:
    """A named, switchable group of negative terms.

    Raises:
        InvalidInputError: a fraction lies outside 0 to 1, or *start* is not before *stop*.
    """

    name: str
    """"base", "structure", "style", "dynamic" or a name of the user's; one per layer of a negative prompt."""
    terms: tuple[str, ...]
    """Plain text, the most important first."""
    emphasis: float = 1.0
    """How strongly the whole layer counts; 1 is normal, usually 0.8 to 1.4."""
    start: float | None = None
    """Fraction of the steps after which the layer begins to act, 0 to 1; None: from the first."""
    stop: float | None = None
    """Fraction of the steps after which the layer no longer acts, 0 to 1; None: to the last."""

    def __post_init__(self) -> None:
        for fraction in (self.start, self.stop):
            if fraction is not None and not 0 <= fraction <= 1:
                raise InvalidInputError(
                    f"The layer {self.name!r} would change at {fraction} of the steps; give a fraction from 0 to 1."
                )
        if self.start is not None and self.stop is not None and self.start >= self.stop:
            raise InvalidInputError(
                f"The layer {self.name!r} would stop at {self.stop} before it starts at {self.start}; swap the two."
            )

    def with_terms(self, terms: Iterable[str]) -> NegativeLayer:
        """Return a copy that holds *terms* instead."""
        return replace(self, terms=tuple(terms))

    def render(self) -> str:
        """Write the layer in prompt syntax; empty without terms.

        Emphasis is `(a, b:1.2)`; start is `[a, b:0.2]`, stop is `[a, b::0.6]`; the dot makes them fractions.
        """
        if not self.terms:
            return ""
        if not self._needs_brackets():
            return ", ".join(_escape_outside(term) for term in self.terms)
        text = render_emphasis(", ".join(_escape_inside(term) for term in self.terms), self.emphasis)
        if self.stop is not None:
            text = f"[{text}::{_fraction(self.stop)}]"
        return text if self.start is None else f"[{text}:{_fraction(self.start)}]"

    def _needs_brackets(self) -> bool:
        return self.start is not None or self.stop is not None or f"{self.emphasis:.3f}" != "1.000"


BUILT_IN_LAYERS: Final = (
    NegativeLayer("base", BASE_TERMS),
    NegativeLayer("structure", STRUCTURE_TERMS),
    NegativeLayer("style", ("painting", "illustration", "cartoon", "anime", "3d render", *MARK_TERMS)),
    NegativeLayer("dynamic", ()),
)
"""The four layers for a photograph of people; `subject.layers_for` fits them to other subjects and media."""


def extend_layers(
    layers: Iterable[NegativeLayer], extra: dict[str, tuple[str, ...]], known: frozenset[str] | None = None
) -> tuple[NegativeLayer, ...]:
    """Fit *layers* to a model's own vocabulary.

    Args:
        layers: what to start from.
        extra: layer name to terms that the model knows besides; they come last, repeats are left out.
        known: every term the model understands, or None where it understands any; others are left out.
    """
    fitted = []
    for layer in layers:
        terms = tuple(dict.fromkeys((*layer.terms, *extra.get(layer.name, ()))))
        fitted.append(layer.with_terms(term for term in terms if known is None or term in known))
    return tuple(fitted)


def _escape_outside(term: str) -> str:
    """Escape what would be brackets; a bar outside of any makes every schedule of the prompt text."""
    return escape_brackets(term).replace("|", "\\|")


def _escape_inside(term: str) -> str:
    """Escape what would end or split the brackets around *term*."""
    return _escape_outside(term).replace(":", "\\:")


def _fraction(value: float) -> str:
    text = f"{value:.3f}".rstrip("0")
    return f"{text}0" if text.endswith(".") else text
