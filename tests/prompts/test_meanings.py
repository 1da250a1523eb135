"""Synonyms and kinds."""

import pytest

from counterprompt.prompts.folding import fold_words
from counterprompt.prompts.meanings import KINDS, SYNONYMS, generals_of, is_about, meaning_of, stand_ins_of


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("out of focus", "blurry"),
        ("grainy", "noise"),
        ("washed out", "overexposed"),
        ("a_girl", "a girl"),
        ("girl", "1girl"),
    ],
)
def test_synonyms_share_a_meaning(one: str, other: str) -> None:
    """Words of one row mean the same."""
    assert meaning_of(fold_words(one)) == meaning_of(fold_words(other))


@pytest.mark.parametrize(
    ("text", "meaning", "expected"),
    [
        ("a dog, out of focus", "blurry", True),
        ("oil painting of a dog", "painting", True),
        ("manga page", "anime", True),
        ("extra arms", "bad anatomy", True),
        ("bad anatomy", "extra arms", False),  # the general does not ask for the kind
        ("hands", "malformed hands", False),
        ("high quality", "low quality", False),
        ("context", "text", False),
        ("", "text", False),
    ],
)
def test_is_about(text: str, meaning: str, expected: bool) -> None:
    """A text is about a meaning when it holds it, a synonym or a kind of it."""
    assert expected is is_about(fold_words(text), fold_words(meaning))


def test_stand_ins_are_no_kinds() -> None:
    """A tagger reports a logo as a watermark, but who asks for a logo asks for no watermark."""
    assert fold_words("watermark") in stand_ins_of(fold_words("logo"))
    assert fold_words("watermark") not in generals_of(fold_words("logo"))


def test_no_word_has_two_meanings() -> None:
    """Each spelling stands in one row of synonyms only."""
    words = [fold_words(word) for row in SYNONYMS for word in {fold_words(word): word for word in row}.values()]

    assert len(words) == len(set(words))


def test_nothing_is_a_kind_of_itself() -> None:
    """No synonym of a general term stands among its kinds."""
    assert [] == [
        (general, kind)
        for general, kinds in KINDS
        for kind in kinds
        if meaning_of(fold_words(kind)) == meaning_of(fold_words(general))
    ]
