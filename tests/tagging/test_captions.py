"""Caption files for LoRA training."""

import csv

import pytest

from counterprompt.errors import InvalidInputError
from counterprompt.tagging.captions import render_caption, write_caption_texts, write_metadata
from counterprompt.tags.observed import ObservedTag, ObservedTags, TagCategory

OBSERVED = ObservedTags(
    (
        ObservedTag("smile", TagCategory.GENERAL, 0.9),
        ObservedTag("general", TagCategory.RATING, 0.9),
        ObservedTag("hatsune miku", TagCategory.CHARACTER, 0.88),
        ObservedTag("red hair", TagCategory.GENERAL, 0.7),
    ),
    frozenset(),
)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({}, "hatsune miku, smile, red hair"),
        ({"first": ["mytrigger"]}, "mytrigger, hatsune miku, smile, red hair"),
        ({"first": ["smile"]}, "smile, hatsune miku, red hair"),
        ({"blocked": frozenset({"hatsune miku", "red hair"})}, "smile"),
    ],
)
def test_caption_order(arguments, expected):
    """Trigger words, then characters, then general tags, none twice, no rating."""
    assert expected == render_caption(OBSERVED, **arguments)


def test_metadata_reads_back(tmp_path):
    """Commas, quotes and line breaks survive the CSV."""
    captions = {"a.png": 'smile, "red" hair', "b, c.png": "two\nlines", "日本.png": "^_^"}

    path = write_metadata(tmp_path, captions)

    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [{"filename": name, "text": text} for name, text in captions.items()] == rows
    assert [path] == list(tmp_path.iterdir())


def test_texts_lie_beside_their_pictures(tmp_path):
    """Each picture's caption has its name and the ending .txt; an older caption is replaced."""
    (tmp_path / "a.b.txt").write_text("old")

    paths = write_caption_texts(tmp_path, {"a.b.png": "smile", "c.jpg": "^_^"})

    assert [tmp_path / "a.b.txt", tmp_path / "c.txt"] == paths
    assert ["smile\n", "^_^\n"] == [path.read_text() for path in paths]


@pytest.mark.parametrize(
    ("captions", "remark"),
    [
        ({"../up.png": "x"}, r'"\.\./up\.png" is not the name'),
        ({"sub\\up.png": "x"}, "is not the name"),
        ({"a.png": "x", "a.jpg": "y"}, "differ only in their ending"),
    ],
)
def test_unsafe_names_write_nothing(tmp_path, captions, remark):
    """A path in place of a name, or two captions for one file, are refused before anything is written."""
    with pytest.raises(InvalidInputError, match=remark):
        write_caption_texts(tmp_path, captions)

    assert [] == list(tmp_path.iterdir())


def test_folder_must_exist(tmp_path):
    """A folder that is not there is named."""
    with pytest.raises(InvalidInputError, match="cannot be written"):
        write_metadata(tmp_path / "gone", {})
