"""Tagging a data set folder."""

import pytest
from PIL import Image

from counterprompt.errors import InvalidInputError, StoppedError
from counterprompt.ports import SilentProgress
from counterprompt.tagging.folder import picture_paths, tag_batches, tag_folder
from counterprompt.tagging.wd import WdTagger
from counterprompt.tags.observed import ObservedTags


class _Notebook(SilentProgress):
    def __init__(self, stop_after=99):
        self.heard = []
        self._stop_after = stop_after

    def advance(self, stage, done, total, note=""):
        self.heard.append((stage, done, total, note))

    def is_stop_requested(self):
        return len(self.heard) >= self._stop_after


class _CountingTagger:
    vocabulary = frozenset()

    def __init__(self):
        self.batches = []

    def tag(self, images):
        self.batches.append(len(images))
        return [ObservedTags((), frozenset()) for _ in images]


def _open_picture(path):
    try:
        return Image.open(path).convert("RGB")
    except OSError as error:
        raise InvalidInputError(f"{path.name} is no picture.") from error


@pytest.fixture
def data_set(tmp_path):
    """Two pictures, one broken picture, and a file of another kind."""
    folder = tmp_path / "set"
    folder.mkdir()
    Image.new("RGB", (8, 8), "red").save(folder / "b.PNG")
    Image.new("RGB", (8, 8), "blue").save(folder / "a.png")
    (folder / "c.jpg").write_bytes(b"broken")
    (folder / "notes.txt").write_text("not a picture")
    return folder


def test_every_picture_is_tagged_or_named(data_set, tagger_folder):
    """Good pictures get their tags; a broken one is named and does not end the work."""
    notebook = _Notebook()

    observed, broken = tag_folder(data_set, WdTagger(tagger_folder), _open_picture, notebook)

    assert {"a.png": ("blue theme",), "b.PNG": ("red theme",)} == {
        name: tags.names() for name, tags in observed.items()
    }
    assert {"c.jpg": "c.jpg is no picture."} == broken
    assert [("tag", 1, 3, "a.png"), ("tag", 2, 3, "b.PNG"), ("tag", 3, 3, "c.jpg")] == notebook.heard


def test_stop_is_heard(data_set, tagger_folder):
    """The work ends after the batch in hand when asked."""
    with pytest.raises(StoppedError, match="after 1 of 3"):
        tag_folder(data_set, WdTagger(tagger_folder), _open_picture, _Notebook(stop_after=1), batch_size=1)


@pytest.mark.parametrize(("batch_size", "expected"), [(1, [1, 1]), (2, [2]), (3, [2]), (8, [2])])
def test_pictures_go_through_in_batches(data_set, batch_size, expected):
    """The tagger is given as many pictures as it may have at once, less those that are broken."""
    tagger = _CountingTagger()

    tag_folder(data_set, tagger, _open_picture, batch_size=batch_size)

    assert expected == tagger.batches


def test_the_next_batch_is_read_meanwhile_and_no_other(data_set):
    """While a batch is tagged at most one more is opened, so that memory does not grow with the folder."""
    for number in range(10):
        Image.new("RGB", (8, 8), "red").save(data_set / f"d{number}.png")
    opened = []
    tagger = _CountingTagger()
    batches = tag_batches(
        picture_paths(data_set), tagger, lambda path: opened.append(path) or _open_picture(path), batch_size=3
    )

    next(batches)

    assert 3 <= len(opened) <= 6
    batches.close()


def test_another_fault_is_not_hidden(data_set, tagger_folder):
    """Only what the opener calls a broken picture is left out."""

    def fail(path):
        raise RuntimeError(path.name)

    with pytest.raises(RuntimeError, match=r"a\.png"):
        tag_folder(data_set, WdTagger(tagger_folder), fail)


@pytest.mark.parametrize("batch_size", [0, -1])
def test_a_batch_holds_at_least_one_picture(data_set, tagger_folder, batch_size):
    """A batch size that makes no batches is refused."""
    with pytest.raises(InvalidInputError, match=f"at least 1 picture, not {batch_size}"):
        tag_folder(data_set, WdTagger(tagger_folder), _open_picture, batch_size=batch_size)


@pytest.mark.parametrize(("name", "remark"), [("gone", "no folder"), (".", "holds no picture")])
def test_folder_must_hold_pictures(tmp_path, tagger_folder, name, remark):
    """A missing or empty folder is named."""
    with pytest.raises(InvalidInputError, match=remark):
        tag_folder(tmp_path / name, WdTagger(tagger_folder), _open_picture)
