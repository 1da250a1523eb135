"""Translating a prompt from the words of one model family into those of another."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from counterprompt.prompts.extra_networks import LORA_KINDS, find_extra_networks
from counterprompt.prompts.families import find_word, words_for
from counterprompt.prompts.family_words import MEANINGS, TOP_QUALITY, FamilyWord, ModelFamily
from counterprompt.prompts.folding import fold
from counterprompt.prompts.nodes import Weighted, render_nodes
from counterprompt.prompts.term_rewriting import TermRewriter
from counterprompt.prompts.terms import split_terms

_ARCHITECTURES: Final = {
    ModelFamily.SD15: "SD 1.5",
    ModelFamily.SDXL: "SDXL",
    ModelFamily.PONY: "SDXL",
    ModelFamily.ILLUSTRIOUS: "SDXL",
    ModelFamily.FLUX: "Flux",
}
"""What the weights of a LoRA must fit."""

_INNER_UNDERSCORE = re.compile(r"(?<=[^\W_])_(?=[^\W_])")


class ChangeAction(Enum):
    """What became of a term."""

    KEPT = "kept"
    """It stays: the other family knows it too."""
    TRANSLATED = "translated"
    """Other words stand in its place."""
    DROPPED = "dropped"
    """It is gone."""
    ADDED = "added"
    """It was not there, and the other family needs it."""


@dataclass(frozen=True)
class TermChange:
    """What became of one foreign term, and why."""

    term: str
    """As it was written; of an added one the added words."""
    action: ChangeAction
    replacement: str
    """What stands in its place; "" where it is dropped."""
    rule_id: str
    """Short id of the rule."""
    reason: str
    """One sentence."""
    is_negated: bool = False
    """Whether it stood in the negative prompt."""


@dataclass(frozen=True)
class Translation:
    """A prompt in another family's words."""

    prompt: str
    """Byte for byte the old one where nothing is foreign."""
    negative_prompt: str
    """The same; empty where the family has none."""
    changes: tuple[TermChange, ...] = ()
    """Each foreign term once, in order, those of the negative prompt last."""


def translate_prompt(
    prompt: str, negative_prompt: str, from_family: ModelFamily, to_family: ModelFamily
) -> Translation:
    """Write *prompt* and *negative_prompt*, made for *from_family*, in the words of *to_family*.

    What does not depend on the family stays byte for byte, with its brackets and its place. Between equal families, and
    to an unknown one, everything does.

    Raises:
        InvalidInputError: a prompt is longer than 100,000 characters or grows into too much text.
    """
    if to_family in (from_family, ModelFamily.UNKNOWN):
        return Translation(prompt, negative_prompt)
    if to_family is ModelFamily.FLUX:
        translated = _Translator(from_family, to_family)
        dropped = tuple(_no_negative(term.text) for term in split_terms(negative_prompt))
        return Translation(translated.apply(prompt), "", (*translated.changes, *dropped))
    positive = _Translator(from_family, to_family)
    negative = _Translator(from_family, to_family, is_negated=True)
    written, negated = positive.apply(prompt), negative.apply(negative_prompt)
    if to_family is ModelFamily.PONY and "F-SCORE" not in _rules_in(written):
        scores = MEANINGS[TOP_QUALITY][ModelFamily.PONY]
        written = ", ".join(filter(None, (scores, written)))
        positive.note(scores, ChangeAction.ADDED, scores, "F-NEEDS-SCORES", "Pony draws well only with its score tags.")
    return Translation(written, negated, (*positive.changes, *negative.changes))


def _no_negative(term: str) -> TermChange:
    reason = "Flux runs without a negative prompt; say in the prompt what shall be there instead."
    return TermChange(term, ChangeAction.DROPPED, "", "F-NO-NEGATIVE", reason, is_negated=True)


def _rules_in(prompt: str) -> set[str]:
    words = (find_word(candidate) for term in split_terms(prompt) for candidate in (term.text, *term.text.split()))
    return {word.rule_id for word in words if word}


@dataclass
class _Translator:
    """Translates one side and keeps book."""

    source: ModelFamily
    target: ModelFamily
    is_negated: bool = False
    changes: list[TermChange] = field(default_factory=list)
    said: set[str] = field(default_factory=set)

    def apply(self, prompt: str) -> str:
        self.said.update(self._native_terms(prompt))
        is_flux = self.target is ModelFamily.FLUX
        rewriter = TermRewriter(self._rewrite, self._rewrite_network, self._unwrap if is_flux else lambda _: False)
        return rewriter.apply(prompt)

    def note(self, term: str, action: ChangeAction, replacement: str, rule_id: str, reason: str) -> None:
        change = TermChange(term, action, replacement, rule_id, reason, self.is_negated)
        if change not in self.changes:
            self.changes.append(change)

    def _native_terms(self, prompt: str) -> Iterable[str]:
        for term in split_terms(prompt):
            word = self._foreign_word(term.text)
            if word is None or self.target in word.natives:
                yield fold(term.text)

    def _foreign_word(self, text: str) -> FamilyWord | None:
        word = find_word(text, is_negated=self.is_negated)
        return None if word and word.is_negated_only and self.source not in word.natives else word

    def _rewrite(self, term: str) -> str | None:
        word = self._foreign_word(term)
        if word is None:
            return self._respelled(term)
        if self.target in word.natives:
            if self.source in word.natives and len(word.natives) < len(_ARCHITECTURES) - 1:
                self.note(term, ChangeAction.KEPT, term, word.rule_id, f"{self.target.value} learned it too.")
            return term
        return self._translated(term, word)

    def _translated(self, term: str, word: FamilyWord) -> str | None:
        why = f"{word.what} are not among the words that {self.target.value} learned"
        words = words_for(word, self.target, is_negated=self.is_negated)
        fresh = [part for part in words.split(", ") if part and fold(part) not in self.said]
        self.said.update(map(fold, fresh))
        if fresh:
            replacement = ", ".join(fresh)
            self.note(term, ChangeAction.TRANSLATED, replacement, word.rule_id, f"{why}: it says {replacement!r}.")
            return replacement
        rest = f"what they mean is said already: {words!r}." if words else "it has no words for them."
        self.note(term, ChangeAction.DROPPED, "", word.rule_id, f"{why}, and {rest}")
        return None

    def _respelled(self, term: str) -> str:
        plain = _INNER_UNDERSCORE.sub(" ", term) if self.target is ModelFamily.FLUX else term
        if plain != term:
            self.note(term, ChangeAction.TRANSLATED, plain, "F-SPELLING", "Flux reads plain words without underscores.")
        return plain

    def _unwrap(self, group: Weighted) -> bool:
        reason = "Flux does not read emphasis: the words stay, the brackets go."
        written, bare = render_nodes([group]), render_nodes(group.content)
        self.note(written, ChangeAction.TRANSLATED, bare, "F-NO-EMPHASIS", reason)
        return True

    def _rewrite_network(self, tag: str) -> str | None:
        (network,) = find_extra_networks(tag)
        own, other = (_ARCHITECTURES.get(family, "") for family in (self.source, self.target))
        if network.kind not in LORA_KINDS or not own or self.is_negated:
            return tag
        if own == other:
            reason = f"It was trained on {self.source.value} and loads in {self.target.value}, but may look different."
            self.note(tag, ChangeAction.KEPT, tag, "F-NETWORK", reason)
            return tag
        reason = f"A LoRA for {own} does not fit {other}."
        self.note(tag, ChangeAction.DROPPED, "", "F-NETWORK", reason)
        return None
