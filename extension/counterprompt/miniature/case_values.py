"""A constructed case for advice, and what is right of it, as values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from counterprompt.prompts.folding import fold_words
from counterprompt.prompts.terms import split_terms

if TYPE_CHECKING:
    from counterprompt.advice.inventory import Inventory
    from counterprompt.miniature.world import Scene


class CaseKind(Enum):
    """What is the matter with the embedded prompt."""

    FINE = "fine"
    """Nothing."""
    WRONG = "wrong about the picture"
    LONG = "too long"
    SHORT = "too short"
    FAMILY = "from another family"
    LORA = "relies on a missing LoRA"


@dataclass(frozen=True)
class ExpectedAdvice:
    """What makes an advice right."""

    choices: frozenset[str]
    """The choices that are right."""
    asks: frozenset[str] = frozenset()
    """Tags that the proposed prompt must name."""
    spares: frozenset[str] = frozenset()
    """Terms, words or parts of tags that it must not hold."""
    verbatim: str | None = None
    """What it must be, byte for byte; None leaves it free."""
    most_terms: int = 10_000
    """Terms that it may have."""
    untrue: frozenset[str] = frozenset()
    """Every tag of shape, colour and background that is not true of the picture."""

    def fault_of(self, choice: str, prompt: str) -> str:
        """Say in one phrase what is not right about *choice* and *prompt*; "" where everything is."""
        if choice not in self.choices:
            return f"chose {choice}"
        if self.verbatim is not None:
            return "" if prompt == self.verbatim else "changed the prompt"
        words = _words(prompt)
        unasked = sorted(tag for tag in self.asks if not words.issuperset(fold_words(tag)))
        kept = sorted(text for text in self.spares if text in prompt or (" " not in text and text in words))
        too_long = len(split_terms(prompt)) > self.most_terms
        faults = [f"does not ask for {tag}" for tag in unasked] + [f"keeps {text}" for text in kept]
        return "; ".join([*faults, "is still too long"] if too_long else faults)

    def invented(self, prompt: str) -> tuple[str, ...]:
        """Name what *prompt* asks for although it is not in the picture, whoever put it there."""
        words = _words(prompt)
        return tuple(sorted(tag for tag in self.untrue if words.issuperset(fold_words(tag))))


def _words(prompt: str) -> set[str]:
    return {word for term in split_terms(prompt) for word in fold_words(term.text)}


@dataclass(frozen=True)
class AdviceCase:
    """One case."""

    kind: CaseKind
    """What is the matter."""
    seed: int
    """The same kind and seed give the same case."""
    scene: Scene
    """The picture; `drawing.draw` draws it."""
    infotext: str
    """What is embedded in it."""
    inventory: Inventory
    """What is here; without kinds nobody looked."""
    expected: ExpectedAdvice
    """What is right."""
    goal: str = "reproduce"
    """What the user wants."""
