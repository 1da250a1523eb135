"""Prompt terms read by their parts."""

import pytest

from counterprompt.tags.reading import read_phrases
from counterprompt.tags.vocabulary import index_vocabulary

INDEX = index_vocabulary(frozenset({"red", "circle", "white background", "blurry", "long hair"}))


@pytest.mark.parametrize(
    ("text", "phrases"),
    [
        ("red circle", [["red", "circle"]]),
        ("a red circle on a white background", [["red", "circle"], ["white background"]]),
        ("slightly out of focus", [["slightly", "out of focus"]]),  # glue inside a known phrase stays
        ("with the", []),
        ("very_long-hair", [["long hair"]]),
    ],
)
def test_phrases(text: str, phrases: list[list[str]]) -> None:
    """Glue words part phrases; the longest known words stay together."""
    read = read_phrases(text, INDEX, is_negated=False)

    assert phrases == [[part.text for part in phrase.parts] for phrase in read]
