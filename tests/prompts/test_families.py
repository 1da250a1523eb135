"""Words of one model family."""

import pytest

from counterprompt.prompts.families import ModelFamily, family_of_term, is_foreign


@pytest.mark.parametrize(
    ("term", "family"),
    [
        ("score_9", ModelFamily.PONY),
        ("score_8_up", ModelFamily.PONY),
        ("source_anime", ModelFamily.PONY),
        ("Pony style", ModelFamily.PONY),
        ("rating_safe", ModelFamily.PONY),
        ("very awa", ModelFamily.ILLUSTRIOUS),
        ("music score", ModelFamily.UNKNOWN),
        ("1girl", ModelFamily.UNKNOWN),
    ],
)
def test_families(term: str, family: ModelFamily) -> None:
    """Words that only one family learned name it."""
    assert family is family_of_term(term)


@pytest.mark.parametrize(
    ("family", "expected"), [(ModelFamily.SDXL, True), (ModelFamily.PONY, False), (ModelFamily.UNKNOWN, False)]
)
def test_foreign_words(family: ModelFamily, expected: bool) -> None:
    """A word is foreign to every known family but its own."""
    assert expected is is_foreign("score_9", family)
