"""Spellings that count as the same words."""

import pytest

from counterprompt.prompts.folding import fold, fold_words


@pytest.mark.parametrize(
    "text", ["Long_Hair", "long  hair", "(long hair)", r"long\ hair", "LONG HAIR.", "long hairs", "long-hair"]
)
def test_one_key_for_all_spellings(text: str) -> None:
    """Case, underscores, brackets, escapes, hyphens, spaces and plural make no difference."""
    assert ("long", "hair") == fold_words(text)


@pytest.mark.parametrize(
    ("word", "folded"),
    [
        ("eyes", "eye"),
        ("bodies", "body"),
        ("dresses", "dress"),
        ("glasses", "glasses"),
        ("dress", "dress"),
        ("gas", "gas"),
        ("fairies", "fairy"),
        ("cookies", "cookie"),
        ("zombies", "zombie"),
        ("potatoes", "potato"),
        ("shoes", "shoe"),
        ("lenses", "lens"),
        ("blonde", "blonde"),
        ("gray", "grey"),
        ("1girls", "1girl"),
        ("anatomy", "anatomy"),
    ],
)
def test_plurals(word: str, folded: str) -> None:
    """Plurals lose their ending, words that only look like plurals keep it."""
    assert (folded,) == fold_words(word)


@pytest.mark.parametrize("kaomoji", ["^_^", ";)", "+_+"])
def test_kaomoji_keep_their_signs(kaomoji: str) -> None:
    """A tag made of signs is not taken apart."""
    assert kaomoji == fold(kaomoji)
