"""The command that tags."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from counterprompt.bootstrap import taggers
from counterprompt.tags.observed import ObservedTag, ObservedTags, TagCategory

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from PIL import Image


class TwoTagTagger:
    """Sees a person and a watermark in everything."""

    vocabulary = frozenset({"person", "watermark (huge)", "dog"})

    def tag(self, images: Sequence[Image.Image]) -> list[ObservedTags]:
        """See the same in each picture."""
        seen = (
            ObservedTag("person", TagCategory.GENERAL, 0.9),
            ObservedTag("watermark (huge)", TagCategory.GENERAL, 0.8),
            ObservedTag("explicit", TagCategory.RATING, 0.7),
        )
        return [ObservedTags(seen, self.vocabulary) for _ in images]


@pytest.fixture(autouse=True)
def asked_for(monkeypatch: pytest.MonkeyPatch) -> list[tuple[object, ...]]:
    """The command line finds a tagger that sees two tags; what it was asked for is listed."""
    asked = []
    monkeypatch.setattr(
        taggers, "load_tagger", lambda *args, **options: asked.append((args[1], options)) or TwoTagTagger()
    )
    return asked


def test_tag_answers_for_a_file(run, picture: Path):
    """A file gives its tags and the caption."""
    answer = json.loads(run("tag", picture, "--json").out)

    assert "person, watermark (huge)" == answer["caption"]
    assert {"tag": "person", "category": "general", "confidence": 0.9} == answer["tags"][0]


def test_tag_writes_captions_for_a_folder(run, picture: Path):
    """A folder gets a caption file per picture and metadata.csv; broken pictures are left out and named."""
    (picture.parent / "broken.png").write_bytes(b"no picture")

    finished = run("tag", picture.parent, "--write", "both", "--json")
    answer = json.loads(finished.out)

    assert "person, watermark (huge)\n" == picture.with_suffix(".txt").read_text()
    assert "picture.png" in (picture.parent / "metadata.csv").read_text()
    assert ["broken.png"] == list(answer["left_out"])
    assert 6 == finished.code
    assert "Left out broken.png" in finished.err
    assert "left out: 1, see" in finished.err


@pytest.mark.parametrize("write", ["zip", "txt"])
def test_tag_refuses_what_it_cannot_write(run, picture: Path, write: str):
    """An unknown kind, and captions for a single file, are refused."""
    assert 2 == run("tag", picture, "--write", write).code


def test_a_folder_brings_the_remark_once(run, picture: Path):
    """However many pictures are foreign, it is said in one line."""
    (picture.parent / "again.png").write_bytes(picture.read_bytes())

    finished = run("tag", picture.parent, "--json")

    assert 1 == finished.err.count("COUNTERPROMPT_TAGGER")
    assert 2 == len(json.loads(finished.out)["captions"])


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--trigger", "Trig", "--trigger", "two words"], "Trig, two words, person, watermark (huge)"),
        (["--block", "dog, Watermark_*"], "person"),
        (["--underscores", "--escape"], r"person, watermark_\(huge\)"),
        (["--rating", "--block", "person"], "watermark (huge), explicit"),
        (["--sort", "name", "--block", "none"], "person, watermark (huge)"),
    ],
)
def test_options_shape_the_caption(run, picture: Path, options: list[str], expected: str):
    """Trigger words, blocked tags, spelling, rating and order reach captions of files and of folders."""
    assert expected == json.loads(run("tag", picture, *options, "--json").out)["caption"]

    run("tag", picture.parent, "--write", "txt", *options)

    assert expected + "\n" == picture.with_suffix(".txt").read_text()


def test_blocked_tags_may_stand_in_a_file(run, picture: Path):
    """One tag a line; a file that is not there is named."""
    (picture.parent / "blocked.list").write_text("person\n\n dog \n")

    answer = json.loads(run("tag", picture, "--block-file", picture.parent / "blocked.list", "--json").out)

    assert "watermark (huge)" == answer["caption"]
    gone = run("tag", picture, "--block-file", "gone.list")
    assert (2, True) == (gone.code, "gone.list" in gone.err)


@pytest.mark.parametrize(
    ("flags", "expected"),
    [
        ([], "mine"),
        (["--overwrite"], "person, watermark (huge)\n"),
        (["--append"], "mine, person, watermark (huge)\n"),
        (["--prepend"], "person, watermark (huge), mine\n"),
    ],
)
def test_existing_captions_are_kept_unless_told_otherwise(run, picture: Path, flags: list[str], expected: str):
    """Captions stay, and it is said; they are replaced or joined when asked."""
    picture.with_suffix(".txt").write_text("mine")

    finished = run("tag", picture.parent, "--write", "txt", *flags, "--json")

    assert expected == picture.with_suffix(".txt").read_text()
    assert bool(flags) == (json.loads(finished.out)["kept"] == [])
    assert bool(flags) == ("--overwrite replaces them" not in finished.err)


@pytest.mark.parametrize(
    ("arguments", "remark"),
    [
        (["--write", "txt", "--append", "--overwrite"], "--overwrite and --append exclude each other"),
        (["--append"], "add --write txt"),
        (["--sort", "length"], "confidence, name"),
        (["--write", "txt", "--batch-size", "0"], "at least 1 picture"),
        (["--vote", ".", "--agreement", "2"], "agreement"),
        (["--webui", "nonsense"], "no URL of a WebUI"),
    ],
)
def test_what_makes_no_sense_is_refused(run, picture: Path, arguments: list[str], remark: str):
    """Flags that exclude each other, and numbers out of range, are refused with the reason."""
    finished = run("tag", picture.parent, *arguments)

    assert 2 == finished.code
    assert remark in finished.err


def test_several_taggers_vote(run, picture: Path, asked_for):
    """Each that is named is loaded, with the thresholds that were given, and they agree."""
    folders = [picture.parent / name for name in ("one", "two", "three")]
    for folder in folders:
        folder.mkdir()
    names = ["--tagger", folders[0], "--vote", folders[1], "--vote", folders[2]]

    answer = json.loads(run("tag", picture, *names, "--threshold", "0.2", "--mcut", "--json").out)

    assert "person, watermark (huge)" == answer["caption"]
    assert folders == [folder for folder, _ in asked_for]
    assert [{"general": 0.2, "character": None, "widest_gap": (TagCategory.GENERAL,)}] * 3 == [
        one for _, one in asked_for
    ]


def test_a_second_run_says_what_was_done_before(run, picture: Path):
    """A folder whose captions are there is not tagged again, and its files stay as they are."""
    run("tag", picture.parent, "--write", "both")
    before = {path.name: path.read_bytes() for path in picture.parent.iterdir() if path.is_file()}

    again = run("tag", picture.parent, "--write", "both", "--json")

    assert (0, {}) == (again.code, json.loads(again.out)["captions"])
    assert before == {path.name: path.read_bytes() for path in picture.parent.iterdir() if path.is_file()}


@pytest.mark.parametrize(
    "option", [("--agreement", "2"), ("--agreement", "0"), ("--agreement", "nan"), ("--lone-confidence", "7")]
)
def test_numbers_of_a_vote_are_checked_for_one_tagger_too(run, picture: Path, option: tuple[str, str]):
    """A number out of range is refused, also where nobody else votes and it would change nothing."""
    finished = run("tag", picture, *option)

    assert 2 == finished.code
    assert option[1] in finished.err
