"""Caption files in a data set folder."""

import csv

import pytest

from counterprompt.errors import InvalidInputError
from counterprompt.tagging.caption_files import (
    CaptionTable,
    read_caption_text,
    read_metadata,
    refuse_shared_texts,
    write_caption_text,
    write_metadata,
)


def test_metadata_reads_back(tmp_path):
    """Commas, quotes and line breaks survive the CSV, for other programs and for us; nothing else is left behind."""
    captions = {"a.png": 'smile, "red" hair', "b, c.png": "two\nlines", "日本.png": "^_^"}

    path = write_metadata(tmp_path, CaptionTable().with_captions(captions))

    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [{"filename": name, "text": text} for name, text in captions.items()] == rows
    assert captions == read_metadata(tmp_path).captions()
    assert [path] == list(tmp_path.iterdir())


def test_other_rows_and_columns_stay(tmp_path):
    """A table that someone has edited keeps its columns, its order and the rows of other pictures."""
    (tmp_path / "metadata.csv").write_text("\ufefftext,filename,split\nold,b.png,train\nfar,sub/z.png,test\n")

    table = read_metadata(tmp_path).with_captions({"a.png": "new", "b.png": "changed"})

    expected = "text,filename,split\nchanged,b.png,train\nfar,sub/z.png,test\nnew,a.png,\n"
    assert expected == table.render()


def test_a_missing_table_is_empty(tmp_path):
    """A folder without metadata.csv has no captions, and an empty table has only its header."""
    assert {} == read_metadata(tmp_path).captions()
    assert "filename,text\n" == CaptionTable().render()


@pytest.mark.parametrize(
    ("content", "remark"),
    [
        (b"file_name,text\na.png,x\n", "another program's"),
        (b"", "another program's"),
        (b"filename,text\na.png,x,y\n", "more cells than columns"),
        (b"filename,text\na.png," + b"x" * 200_000 + b"\n", "is broken"),
        (b"filename,text\n\xff\xfe\n", "cannot be read as UTF-8"),
    ],
)
def test_a_foreign_table_is_not_touched(tmp_path, content, remark):
    """A table that is broken or another program's is refused, and stays."""
    (tmp_path / "metadata.csv").write_bytes(content)

    with pytest.raises(InvalidInputError, match=remark):
        read_metadata(tmp_path)

    assert content == (tmp_path / "metadata.csv").read_bytes()


def test_texts_lie_beside_their_pictures(tmp_path):
    """A picture's caption has its name and the ending .txt; an older one is replaced and reads back."""
    (tmp_path / "a.b.txt").write_text("old")

    path = write_caption_text(tmp_path / "a.b.png", "日本, ^_^")

    assert tmp_path / "a.b.txt" == path
    assert "日本, ^_^\n" == read_caption_text(tmp_path / "a.b.png")
    assert [path] == list(tmp_path.iterdir())


def test_a_missing_text_is_none(tmp_path):
    """A picture without a caption has none, which is not the same as an empty one."""
    assert read_caption_text(tmp_path / "a.png") is None


@pytest.mark.parametrize("content", [b"\xb4\xf3", b"x" * ((1 << 20) + 1)])
def test_a_text_that_cannot_be_read_is_named(tmp_path, content):
    """Text in another encoding, or of an absurd size, is refused before it is joined with anything."""
    (tmp_path / "a.txt").write_bytes(content)

    with pytest.raises(InvalidInputError, match=r"a\.txt"):
        read_caption_text(tmp_path / "a.png")


def test_two_pictures_cannot_share_a_text(tmp_path):
    """Pictures that differ only in their ending are named before anything is written."""
    with pytest.raises(InvalidInputError, match=r"a\.png and a\.jpg differ only in their ending"):
        refuse_shared_texts([tmp_path / "a.png", tmp_path / "b.png", tmp_path / "a.jpg"])


@pytest.mark.parametrize("write", [write_metadata, lambda folder, _: write_caption_text(folder / "a.png", "x")])
def test_folder_must_exist(tmp_path, write):
    """A folder that is not there is named."""
    with pytest.raises(InvalidInputError, match="cannot be written"):
        write(tmp_path / "gone", CaptionTable())
