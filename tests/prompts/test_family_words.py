"""The tables of family words."""

import pytest

from counterprompt.prompts.family_evidence import WORDS_SAY
from counterprompt.prompts.family_words import MEANINGS, WORDS, FamilyWord, ModelFamily
from counterprompt.prompts.folding import fold

FAMILIES = set(ModelFamily) - {ModelFamily.UNKNOWN}


def test_a_spelling_stands_in_one_row() -> None:
    """No word has two truths."""
    spellings = [fold(spelling) for word in WORDS for spelling in word.spellings]

    assert len(set(spellings)) == len(spellings)


@pytest.mark.parametrize("word", WORDS, ids=lambda word: f"{word.rule_id} {word.spellings[:1]}")
def test_rows_are_whole(word: FamilyWord) -> None:
    """Each row names known families and meanings, and is left out by somebody; its rule has evidence points."""
    assert {word.meaning, word.negated_meaning} <= {"", *MEANINGS}
    assert set() < set(word.natives) < FAMILIES
    assert word.spellings or word.pattern
    assert word.rule_id in WORDS_SAY


def test_every_meaning_is_used() -> None:
    """No row of the second table is dead."""
    assert set(MEANINGS) == {meaning for word in WORDS for meaning in (word.meaning, word.negated_meaning)} - {""}
