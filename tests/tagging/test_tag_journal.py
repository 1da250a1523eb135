"""The journal that lets a killed run go on."""

import errno
import os

import pytest

from counterprompt.errors import InvalidInputError
from counterprompt.tagging.tag_journal import JOURNAL_NAME, TagJournal
from counterprompt.tags.observed import ObservedTag, ObservedTags, TagCategory

SEEN = ObservedTags(
    (ObservedTag("hatsune miku", TagCategory.CHARACTER, 0.9), ObservedTag("^_^", TagCategory.GENERAL, 0.123456789)),
    frozenset({"hatsune miku", "^_^"}),
)


@pytest.fixture
def pictures(tmp_path):
    """Three files by name; a journal only looks at their size and time."""
    paths = {name: tmp_path / name for name in ("a.png", "b.png", "c.png")}
    for path in paths.values():
        path.write_bytes(path.name.encode())
    return paths


def test_what_was_written_reads_back(tmp_path, pictures):
    """Tags of several batches come back whole, in a new process's journal."""
    journal = TagJournal(tmp_path, "wd")
    journal.append({"a.png": SEEN}, pictures)
    journal.append({"b.png": SEEN}, pictures)

    assert {"a.png": SEEN, "b.png": SEEN} == TagJournal(tmp_path, "wd").read(pictures)


def test_another_taggers_words_are_forgotten(tmp_path, pictures):
    """A journal of another tagger is not read, and the next batch begins a new one."""
    TagJournal(tmp_path, "wd").append({"a.png": SEEN}, pictures)
    other = TagJournal(tmp_path, "clip")
    assert {} == other.read(pictures)

    other.append({"b.png": SEEN}, pictures)

    assert {"b.png": SEEN} == other.read(pictures)
    assert {} == TagJournal(tmp_path, "wd").read(pictures)


def test_a_changed_picture_is_tagged_again(tmp_path, pictures):
    """A picture that was replaced since has no entry, nor has one that is gone or not asked for."""
    journal = TagJournal(tmp_path, "wd")
    journal.append(dict.fromkeys(pictures, SEEN), pictures)
    pictures["a.png"].write_bytes(b"another picture")
    pictures["b.png"].unlink()

    assert ["c.png"] == list(journal.read(pictures))
    assert {} == journal.read({})


@pytest.mark.parametrize("cut", [1, 5, 40])
def test_a_torn_line_is_lost_alone(tmp_path, pictures, cut):
    """Where the last line was cut off, the others are read, and what is appended then is read too."""
    journal = TagJournal(tmp_path, "wd")
    journal.append({"a.png": SEEN}, pictures)
    journal.append({"b.png": SEEN}, pictures)
    path = tmp_path / JOURNAL_NAME
    path.write_bytes(path.read_bytes()[:-cut])
    assert ["a.png"] == list(journal.read(pictures))

    journal.append({"c.png": SEEN}, pictures)

    assert ["a.png", "c.png"] == list(journal.read(pictures))


@pytest.mark.parametrize("line", [b"{}", b"[1]", b"\xff", b'{"name": "a.png", "file": 1, "tags": [["x", 77, 2]]}'])
def test_what_someone_has_written_into_it_does_no_harm(tmp_path, pictures, line):
    """Lines that make no sense are passed over."""
    journal = TagJournal(tmp_path, "wd")
    journal.append({"a.png": SEEN}, pictures)
    entry = (tmp_path / JOURNAL_NAME).read_bytes().splitlines()[1]
    with (tmp_path / JOURNAL_NAME).open("ab") as stream:
        stream.write(line + b"\n" + entry.replace(b"0.123456789", b'"much"') + b"\n")

    assert {"a.png": SEEN} == journal.read(pictures)


def test_it_can_be_removed(tmp_path, pictures):
    """Once removed, also twice, there is no journal."""
    journal = TagJournal(tmp_path, "wd")
    journal.append({"a.png": SEEN}, pictures)

    journal.remove()
    journal.remove()

    assert not (tmp_path / JOURNAL_NAME).exists()


def test_a_folder_that_cannot_be_written_to_is_named(tmp_path):
    """The first batch says so, before the others are tagged."""
    with pytest.raises(InvalidInputError, match="cannot be written"):
        TagJournal(tmp_path / "gone", "wd").append({}, {})


def test_a_full_disk_is_told_how_to_go_on(tmp_path, pictures, monkeypatch):
    """Who runs out of space is not sent to look for a permission."""

    def full(_descriptor):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("os.fsync", full)

    with pytest.raises(InvalidInputError, match=r"No space left on device.*free some space or"):
        TagJournal(tmp_path, "wd").append({}, pictures)
