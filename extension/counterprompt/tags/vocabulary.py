"""A tagger's vocabulary, searchable by the words of a prompt."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from counterprompt.prompts.folding import fold, fold_words
from counterprompt.prompts.meanings import generals_of, meaning_of, stand_ins_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    Words = tuple[str, ...]

LONGEST_TAG: Final = 6
"""Words in the longest tag that is looked for inside a longer term."""


@dataclass(frozen=True)
class VocabularyIndex:
    """Tags by spelling, by words and by meaning."""

    by_spelling: dict[str, str]
    """Folded spelling to tag."""
    by_words: dict[Words, tuple[str, ...]]
    """Words without plural to tags."""
    by_meaning: dict[Words, tuple[str, ...]]
    """Meaning to tags."""

    def tags_for(
        self, words: Sequence[str], spelling: str | None = None, *, is_negated: bool = False
    ) -> tuple[str, ...]:
        """Return the tags that say what folded *words* say, the nearest notion that has any; empty: unobservable.

        In this order: the same spelling, the same words in another number, a synonym, what it is a kind of; for what
        is negated also what stands in for it ("logo": "watermark").
        """
        if spelling is not None and spelling in self.by_spelling:
            return (self.by_spelling[spelling],)
        key = tuple(words)
        exact = self.by_words.get(key) or self.by_meaning.get(meaning_of(key))
        if exact:
            return exact
        nearby = stand_ins_of(key) if is_negated else generals_of(key)
        return tuple(tag for general in sorted(nearby) for tag in self.by_meaning.get(general, ()))

    def same_meaning(self, tag: str) -> tuple[str, ...]:
        """Return every tag that means what *tag* of this vocabulary means, itself included."""
        return self.by_meaning.get(meaning_of(fold_words(tag)), (tag,))


@lru_cache(maxsize=4)
def index_vocabulary(vocabulary: frozenset[str]) -> VocabularyIndex:
    """Build the index of *vocabulary*, a tagger's tags."""
    by_words: dict[Words, tuple[str, ...]] = {}
    by_meaning: dict[Words, tuple[str, ...]] = {}
    for tag in sorted(vocabulary):
        words = fold_words(tag)
        by_words[words] = (*by_words.get(words, ()), tag)
        by_meaning[meaning_of(words)] = (*by_meaning.get(meaning_of(words), ()), tag)
    return VocabularyIndex({fold(tag): tag for tag in sorted(vocabulary)}, by_words, by_meaning)
