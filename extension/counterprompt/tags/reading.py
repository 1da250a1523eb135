"""Reading one prompt term with a tagger's eyes: which of its words the vocabulary can say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from counterprompt.prompts.common_words import GLUE
from counterprompt.prompts.folding import fold, fold_word
from counterprompt.tags.vocabulary import LONGEST_TAG, VocabularyIndex

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class TermPart:
    """Neighbouring words of a term that the vocabulary knows together, or one word that it does not know."""

    text: str
    """As in the prompt, folded."""
    words: tuple[str, ...]
    """Without plurals."""
    tags: tuple[str, ...]
    """The tags that say it, or none."""


@dataclass(frozen=True)
class Phrase:
    """The words between two glue words."""

    parts: tuple[TermPart, ...]
    """In order, at least one."""

    @property
    def text(self) -> str:
        """As in the prompt, folded."""
        return " ".join(part.text for part in self.parts)

    @property
    def words(self) -> frozenset[str]:
        """Every word, without plurals."""
        return frozenset(word for part in self.parts for word in part.words)


def read_phrases(text: str, index: VocabularyIndex, *, is_negated: bool) -> tuple[Phrase, ...]:
    """Cut a term's *text* into phrases, taking the longest words that *index* knows together first.

    Args:
        text: a term without prompt syntax.
        index: the tagger's vocabulary.
        is_negated: whether the tags that stand in for unknown words count too.
    """
    spelled = fold(text).replace("-", " ").split()
    words = tuple(fold_word(word) for word in spelled)
    phrases: list[Phrase] = []
    parts: list[TermPart] = []
    position = 0
    while position < len(words):
        length, tags = _longest_known(words[position : position + LONGEST_TAG], index, is_negated=is_negated)
        if not tags and spelled[position] in GLUE:
            phrases.extend([Phrase(tuple(parts))] if parts else [])
            parts = []
        else:
            end = position + length
            parts.append(TermPart(" ".join(spelled[position:end]), words[position:end], tags))
        position += length
    return (*phrases, Phrase(tuple(parts))) if parts else tuple(phrases)


def _longest_known(words: Sequence[str], index: VocabularyIndex, *, is_negated: bool) -> tuple[int, tuple[str, ...]]:
    for length in range(len(words), 0, -1):
        tags = index.tags_for(words[:length], is_negated=is_negated)
        if tags and not (length == 1 and words[0] in GLUE):
            return length, tags
    return 1, ()
