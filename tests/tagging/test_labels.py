"""Label files of WD taggers."""

import pytest

from counterprompt.errors import MissingModelError
from counterprompt.tagging.labels import KAOMOJI, TagLabel, read_labels, spaced_name
from counterprompt.tags.observed import TagCategory


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("bad_anatomy", "bad anatomy"),
        ("Hatsune_Miku", "hatsune miku"),
        ("^_^", "^_^"),
        ("||_||", "||_||"),
        (":d", ":d"),
        (" 1girl ", "1girl"),
    ],
)
def test_names_are_spelled_as_in_prompts(name, expected):
    """Underscores are spaces, but for faces."""
    assert expected == spaced_name(name)


def test_nineteen_faces_are_known():
    """The list of faces is whole and each has an underscore or none to lose."""
    assert 19 == len(KAOMOJI)
    assert all(face == spaced_name(face) for face in KAOMOJI)


def test_order_and_categories_are_kept(tagger_folder):
    """Labels come in the order of the file, which is that of the model's output."""
    labels = read_labels(tagger_folder / "selected_tags.csv")

    assert 7 == len(labels)
    assert TagLabel("general", TagCategory.RATING) == labels[0]
    assert TagLabel("hatsune miku", TagCategory.CHARACTER) == labels[-1]


@pytest.mark.parametrize(
    ("content", "remark"),
    [
        (b"", "holds no tag"),
        (b"tag_id,name,category,count\n", "holds no tag"),
        (b"a,b\n1,2\n", "columns name and category"),
        (b"name,category\nsmile,7\n", 'tag "smile" in .* unknown category 7'),
        (b"name,category\nsmile,x\n", "unknown category x"),
        (b"name,category\nsmile\n", "columns name and category"),
        (b"name,category\n\xff\xfe,0\n", "is broken"),
        (b"name,category\n" + b"x" * 200_000 + b",0\n", "is broken"),
        (b"x" * ((16 << 20) + 1), "larger than 16 MiB"),
    ],
)
def test_broken_file_is_refused(tmp_path, content, remark):
    """A broken label file is named with what is wrong."""
    path = tmp_path / "selected_tags.csv"
    path.write_bytes(content)

    with pytest.raises(MissingModelError, match=remark):
        read_labels(path)
