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
    ("content", "expected"),
    [
        pytest.param(
            "tag_id,name,category,count\r\n9999997,questionable,9,4\r\n470575,1girl,0,3\r\n1,>_<,0,2\r\n",
            [
                TagLabel("questionable", TagCategory.RATING),
                TagLabel("1girl", TagCategory.GENERAL),
                TagLabel(">_<", TagCategory.GENERAL),
            ],
            id="v1.4, v2, v3",
        ),
        pytest.param(
            "\ufeffname,category,tag_id\nhatsune_miku,4,7\n",
            [TagLabel("hatsune miku", TagCategory.CHARACTER)],
            id="another order, saved by a spreadsheet",
        ),
        pytest.param(
            'id,tag_id,name,category,count,ips,best_threshold\n0,1,"a,_b",0,9,"[""x""]",0.41\n1,2,vocaloid,3,9,[],\n',
            [TagLabel("a, b", TagCategory.GENERAL, 0.41), TagLabel("vocaloid", TagCategory.COPYRIGHT)],
            id="later models",
        ),
        pytest.param(
            "name,category\nsomebody,1\nscan,5\n",
            [TagLabel("somebody", TagCategory.ARTIST), TagLabel("scan", TagCategory.META)],
            id="all of Danbooru's categories",
        ),
    ],
)
def test_every_generation_is_read(tmp_path, content, expected):
    """Columns are found by their name, whatever stands beside them; categories are Danbooru's."""
    path = tmp_path / "selected_tags.csv"
    path.write_bytes(content.encode())

    assert tuple(expected) == read_labels(path)


@pytest.mark.parametrize(
    ("content", "remark"),
    [
        (b"", "holds no tag"),
        (b"tag_id,name,category,count\n", "holds no tag"),
        (b"a,b\n1,2\n", "columns name and category"),
        (b"name,category\nsmile,7\n", 'tag "smile" in .* unknown category 7'),
        (b"name,category\nsmile,x\n", "unknown category x"),
        (b"name,category,best_threshold\nsmile,0,2\n", 'best_threshold "2" of the tag "smile"'),
        (b"name,category,best_threshold\nsmile,0,low\n", "must lie within 0 to 1"),
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
