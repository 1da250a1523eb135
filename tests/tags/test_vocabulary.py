"""Looking up prompt words among a tagger's tags."""

import pytest

from counterprompt.prompts.folding import fold_words
from counterprompt.tags.vocabulary import index_vocabulary

VOCABULARY = frozenset({"1girl", "blurry", "watermark", "blue eyes", "glass", "glasses", "painting (medium)", "^_^"})


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("Blue_Eye", ("blue eyes",)),
        ("girl", ("1girl",)),
        ("out of focus", ("blurry",)),
        ("bokeh", ("blurry",)),
        ("glasses", ("glasses",)),
        ("glass", ("glass",)),
        ("watercolor", ("painting (medium)",)),
        ("logo", ()),
        ("blue", ()),
    ],
)
def test_nearest_tag(text: str, tags: tuple[str, ...]) -> None:
    """Spelling first, then synonyms, then the general term."""
    assert tags == index_vocabulary(VOCABULARY).tags_for(fold_words(text))


def test_stand_ins_count_for_negated_words() -> None:
    """A negated logo is looked for as a watermark."""
    assert ("watermark",) == index_vocabulary(VOCABULARY).tags_for(("logo",), is_negated=True)


def test_kaomoji_are_found_by_spelling() -> None:
    """A tag of signs is found as it stands."""
    assert ("^_^",) == index_vocabulary(VOCABULARY).tags_for((), "^_^")
