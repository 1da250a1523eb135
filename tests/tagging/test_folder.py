"""Tagging a data set folder."""

import pytest
from PIL import Image

from counterprompt.errors import InvalidInputError, StoppedError
from counterprompt.ports import SilentProgress
from counterprompt.tagging.folder import tag_folder
from counterprompt.tagging.wd import WdTagger


class _Notebook(SilentProgress):
    def __init__(self, stop_after=99):
        self.heard = []
        self._stop_after = stop_after

    def advance(self, stage, done, total, note=""):
        self.heard.append((stage, done, total, note))

    def is_stop_requested(self):
        return len(self.heard) >= self._stop_after


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
    """The work ends after the picture in hand when asked."""
    with pytest.raises(StoppedError, match="after 1 of 3"):
        tag_folder(data_set, WdTagger(tagger_folder), _open_picture, _Notebook(stop_after=1))


@pytest.mark.parametrize(("name", "remark"), [("gone", "no folder"), (".", "holds no picture")])
def test_folder_must_hold_pictures(tmp_path, tagger_folder, name, remark):
    """A missing or empty folder is named."""
    with pytest.raises(InvalidInputError, match=remark):
        tag_folder(tmp_path / name, WdTagger(tagger_folder), _open_picture)
