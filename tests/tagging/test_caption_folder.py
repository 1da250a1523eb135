"""Captioning a data set folder."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

import counterprompt
from counterprompt.errors import InvalidInputError, StoppedError
from counterprompt.ports import SilentProgress
from counterprompt.tagging.caption_folder import CaptionPlan, caption_folder
from counterprompt.tagging.captions import CaptionStyle, ExistingCaptions
from counterprompt.tagging.tag_journal import JOURNAL_NAME
from counterprompt.tags.observed import ObservedTag, ObservedTags, TagCategory

KEEP, OVERWRITE = ExistingCaptions.KEEP, ExistingCaptions.OVERWRITE
APPEND, PREPEND = ExistingCaptions.APPEND, ExistingCaptions.PREPEND

VOCABULARY = frozenset({"red", "solid colour"})


class GreyTagger:
    """Names the red value of each picture's first pixel, remembers it, and may die on the way."""

    vocabulary = VOCABULARY

    def __init__(self, dies_at=None):
        self.seen = []
        self._dies_at = dies_at

    def tag(self, images):
        """Tag each picture."""
        values = [image.getpixel((0, 0))[0] for image in images]
        if self._dies_at in values:
            os.kill(os.getpid(), signal.SIGKILL)
        self.seen += values
        return [_tags(value) for value in values]


def _tags(value):
    tag = ObservedTag(f"red {value}", TagCategory.GENERAL, 0.9)
    return ObservedTags((tag, ObservedTag("solid colour", TagCategory.GENERAL, 0.8)), VOCABULARY)


def open_picture(path):
    """Open a picture as the adapter does."""
    try:
        return Image.open(path).convert("RGB")
    except OSError as error:
        raise InvalidInputError(f"{path.name} is no picture.") from error


def caption(folder, tagger=None, progress=None, **plan):
    """Caption *folder* with batches of two."""
    chosen = CaptionPlan(**{"batch_size": 2, **plan})
    return caption_folder(folder, tagger or GreyTagger(), open_picture, chosen, progress or SilentProgress())


@pytest.fixture
def data_set(tmp_path):
    """Seven pictures, 0.png to 6.png, whose red value is their number."""
    folder = tmp_path / "set"
    folder.mkdir()
    for number in range(7):
        Image.new("RGB", (4, 4), (number, 0, 0)).save(folder / f"{number}.png")
    return folder


def _new_files(folder):
    return {path.name: path.read_text() for path in folder.iterdir() if path.suffix != ".png"}


TEXTS = {f"{number}.txt": f"red {number}, solid colour\n" for number in range(7)}
TABLE = "filename,text\n" + "".join(f'{number}.png,"red {number}, solid colour"\n' for number in range(7))


@pytest.mark.parametrize(
    ("files", "expected"),
    [("txt", TEXTS), ("csv", {"metadata.csv": TABLE}), ("both", {**TEXTS, "metadata.csv": TABLE})],
)
def test_every_picture_is_captioned(data_set, files, expected):
    """A `.txt` beside each picture, metadata.csv, or both; nothing else is left behind."""
    done = caption(data_set, files=files)

    assert expected == _new_files(data_set)
    assert set(expected) == {path.name for path in done.written}
    assert {f"{number}.png": f"red {number}, solid colour" for number in range(7)} == done.captions


@pytest.mark.parametrize("files", ["txt", "csv", "both"])
def test_existing_captions_are_kept_and_not_tagged_again(data_set, files):
    """What has its captions already costs nothing and stays as it is, byte by byte."""
    (data_set / "3.txt").write_text("mine")
    (data_set / "metadata.csv").write_text("filename,text\n3.png,mine\n")
    tagger = GreyTagger()

    first = caption(data_set, tagger, files=files)
    again = caption(data_set, tagger, files=files)

    assert [0, 1, 2, 4, 5, 6] == tagger.seen
    assert "mine" == (data_set / "3.txt").read_text()
    assert "filename,text\n3.png,mine\n" in (data_set / "metadata.csv").read_text()
    assert (("3.png",), 7, {}) == (first.kept, len(again.kept), again.captions)


def test_a_row_may_be_missing_where_a_text_is_not(data_set):
    """With both kinds of files only the missing one is written."""
    (data_set / "3.txt").write_text("mine")
    (data_set / "4.txt").write_text("mine too")
    (data_set / "metadata.csv").write_text("filename,text\n4.png,and here\n")

    caption(data_set, files="both")

    assert "mine" == (data_set / "3.txt").read_text()
    table = (data_set / "metadata.csv").read_text()
    assert table.startswith("filename,text\n4.png,and here\n")
    assert '3.png,"red 3, solid colour"\n' in table


@pytest.mark.parametrize(
    ("existing", "expected"),
    [
        (OVERWRITE, "trig, red 3, solid colour"),
        (APPEND, "trig, mine, red 3, solid colour"),
        (PREPEND, "trig, red 3, solid colour, mine"),
    ],
)
def test_existing_captions_are_changed_when_asked(data_set, existing, expected):
    """They are replaced, or what they lack is put after or before them; rows and texts alike."""
    (data_set / "3.txt").write_text("mine\n")
    (data_set / "metadata.csv").write_text("filename,text\n3.png,mine\n")
    style = CaptionStyle(triggers=("trig",))

    for _ in range(2):
        caption(data_set, files="both", existing=existing, style=style)

        assert f"{expected}\n" == (data_set / "3.txt").read_text()
        assert f'3.png,"{expected}"\n' in (data_set / "metadata.csv").read_text()
        assert "trig, red 0, solid colour\n" == (data_set / "0.txt").read_text()


def test_broken_pictures_and_captions_are_left_out(data_set):
    """A picture that cannot be opened, and a caption that cannot be joined, are named; the others are done."""
    (data_set / "2.png").write_bytes(b"broken")
    (data_set / "4.txt").write_bytes(b"\xb4\xf3")

    done = caption(data_set, existing=APPEND)

    assert ["2.png", "4.png"] == list(done.left_out)
    assert ["0.png", "1.png", "3.png", "5.png", "6.png"] == list(done.captions)
    assert b"\xb4\xf3" == (data_set / "4.txt").read_bytes()


def test_a_name_that_no_text_can_hold_is_left_out(data_set):
    """A file name from an old archive, no UTF-8, stays out of metadata.csv and is named; the others are done."""
    try:
        (data_set / "6.png").rename(data_set / os.fsdecode(b"\xff.png"))
    except OSError:
        pytest.skip("this disk takes no such names")

    done = caption(data_set, files="both")

    assert [os.fsdecode(b"\xff.png")] == list(done.left_out)
    assert TABLE.rpartition("6.png")[0] == (data_set / "metadata.csv").read_text()
    assert () == done.kept


def test_pictures_that_share_a_text_are_refused_before_any_is_tagged(data_set):
    """The refusal does not come after hours of tagging; metadata.csv has no such trouble."""
    Image.new("RGB", (4, 4)).save(data_set / "3.jpg")
    tagger = GreyTagger()

    with pytest.raises(InvalidInputError, match="would share one"):
        caption(data_set, tagger)

    assert [] == tagger.seen
    assert 8 == len(caption(data_set, tagger, files="csv").captions)


def test_an_unknown_kind_of_file_is_refused():
    """The message names the kinds there are."""
    with pytest.raises(InvalidInputError, match="txt, csv, both"):
        CaptionPlan(files="json")


PATHS = [str(Path(__file__).parent), str(Path(counterprompt.__file__).parents[1])]
KILLED = """
import sys
sys.path[:0] = {paths!r}
from pathlib import Path
from test_caption_folder import GreyTagger, caption
from counterprompt.tagging.captions import ExistingCaptions
caption(Path({folder!r}), GreyTagger(dies_at=5), files={files!r}, existing=ExistingCaptions({existing!r}))
"""


@pytest.mark.parametrize(("files", "existing"), [("csv", KEEP), ("both", OVERWRITE), ("both", APPEND)])
def test_a_killed_run_goes_on_where_it_was(data_set, files, existing):
    """After a kill -9 in the third batch only that batch and what follows is tagged, and the result is the same."""
    (data_set / "1.txt").write_text("mine")
    code = KILLED.format(paths=PATHS, folder=str(data_set), files=files, existing=existing.value)
    killed = subprocess.run([sys.executable, "-c", code], check=False, timeout=120)
    assert -signal.SIGKILL == killed.returncode

    tagger = GreyTagger()
    done = caption(data_set, tagger, files=files, existing=existing)

    assert [4, 5, 6] == tagger.seen
    assert 4 == done.resumed
    assert not (data_set / JOURNAL_NAME).exists()
    whole = (data_set / "metadata.csv").read_text()
    assert TABLE == whole
    if files == "both":
        expected = {OVERWRITE: TEXTS["1.txt"], APPEND: "mine, red 1, solid colour\n"}[existing]
        assert {**TEXTS, "1.txt": expected, "metadata.csv": whole} == _new_files(data_set)


@pytest.mark.parametrize("by_key", [False, True])
def test_a_stopped_run_goes_on_where_it_was(data_set, by_key):
    """A listener that asks to stop, or Ctrl-C, loses nothing and is told how to go on."""

    class Stopping(SilentProgress):
        def advance(self, stage, done, total, note=""):
            if by_key and done == 4:
                raise KeyboardInterrupt
            self.done = done

        def is_stop_requested(self):
            return getattr(self, "done", 0) >= 4

    with pytest.raises(StoppedError, match="4 of 7 pictures tagged; the same command goes on"):
        caption(data_set, progress=Stopping(), files="csv")
    tagger = GreyTagger()
    caption(data_set, tagger, files="csv")

    assert [4, 5, 6] == tagger.seen
    assert {"metadata.csv": TABLE} == _new_files(data_set)


def test_another_tagger_does_not_go_on_with_what_this_one_said(data_set):
    """A run with another tagger begins anew."""
    with pytest.raises(StoppedError):
        caption(data_set, progress=_StopAtOnce(), files="csv", tagger_key="one")
    tagger = GreyTagger()

    caption(data_set, tagger, files="csv", tagger_key="two")

    assert list(range(7)) == tagger.seen


class _StopAtOnce(SilentProgress):
    heard = 0

    def is_stop_requested(self):
        self.heard += 1
        return self.heard > 1
