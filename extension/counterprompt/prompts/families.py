"""Model families: what each can be told, and the words that only some of them learned."""

from __future__ import annotations

from counterprompt.prompts.family_words import MEANINGS, WORDS, FamilyWord, ModelFamily
from counterprompt.prompts.folding import fold

__all__ = ["ModelFamily", "family_of_term", "find_word", "is_foreign", "words_for"]


def find_word(text: str, *, is_negated: bool = False) -> FamilyWord | None:
    """Return the row of the term *text* in the table of family words, or None for everybody's words."""
    folded = fold(text).replace("-", " ")
    for word in _BY_SPELLING.get(folded, ()):
        if is_negated or not word.is_negated_only:
            return word
    return next((word for word in _BY_PATTERN if word.pattern and word.pattern.fullmatch(folded)), None)


def family_of_term(text: str) -> ModelFamily:
    """Name the family that alone knows the term *text* ("score_9" -> PONY), or UNKNOWN for everybody's words."""
    word = find_word(text)
    (family, *others) = word.natives if word else (ModelFamily.UNKNOWN,)
    return ModelFamily.UNKNOWN if others else family


def is_foreign(text: str, family: ModelFamily) -> bool:
    """Whether the term *text* belongs to a family other than *family*; False where either is unknown."""
    own = family_of_term(text)
    return ModelFamily.UNKNOWN not in (own, family) and own is not family


def words_for(word: FamilyWord, family: ModelFamily, *, is_negated: bool = False) -> str:
    """Say in the words of *family* what *word* says; "" where it has none."""
    meaning = word.negated_meaning or word.meaning if is_negated else word.meaning
    return MEANINGS.get(meaning, {}).get(family, "")


_BY_SPELLING: dict[str, tuple[FamilyWord, ...]] = {}
for _word in WORDS:
    for _spelling in _word.spellings:
        _key = fold(_spelling).replace("-", " ")
        _BY_SPELLING[_key] = (*_BY_SPELLING.get(_key, ()), _word)

_BY_PATTERN = tuple(word for word in WORDS if word.pattern)
