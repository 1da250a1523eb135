"""The commands that look at a picture."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

import pytest
from PIL import Image, PngImagePlugin

from counterprompt.bootstrap import scorers, taggers
from counterprompt.tags.observed import ObservedTag, ObservedTags, TagCategory
from counterprompt.tags.probed import ProbedTerm

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


class TwoTagTagger:
    """Sees a person and a watermark in everything."""

    vocabulary = frozenset({"person", "watermark", "dog"})

    def tag(self, images: Sequence[Image.Image]) -> list[ObservedTags]:
        """See the same in each picture."""
        seen = (
            ObservedTag("person", TagCategory.GENERAL, 0.9),
            ObservedTag("watermark", TagCategory.GENERAL, 0.8),
        )
        return [ObservedTags(seen, self.vocabulary) for _ in images]


@pytest.fixture
def tagger(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command line finds a tagger that sees two tags."""
    monkeypatch.setattr(taggers, "load_tagger", lambda *_, **__: TwoTagTagger())


def test_read_answers_in_json(run, picture: Path):
    """One object with infotext, prompts, parameters as label to text, and program."""
    answer = json.loads(run("read", picture, "--json").out)

    assert "a person in a garden, <lora:style:0.9>" == answer["prompt"]
    assert "low quality" == answer["negative_prompt"]
    assert ("12", "7", "64x64") == tuple(answer["parameters"][label] for label in ("Steps", "CFG scale", "Size"))
    assert "AUTOMATIC1111" == answer["program"]
    assert answer["infotext"].startswith("a person")


def test_read_takes_a_pasted_text(run, monkeypatch: pytest.MonkeyPatch):
    """An infotext on standard input is read like a picture's, and a blank one says so."""
    monkeypatch.setattr("sys.stdin", io.StringIO("a fox\nNegative prompt: blurry\nSteps: 12, Sampler: Euler, Seed: 3"))
    answer = json.loads(run("read", "-", "--json").out)

    assert ("a fox", "blurry", "12") == (answer["prompt"], answer["negative_prompt"], answer["parameters"]["Steps"])
    assert "the pasted text" == answer["place"]

    monkeypatch.setattr("sys.stdin", io.StringIO(" "))
    assert "The text holds no generation parameters." in run("read", "-").out


@pytest.mark.parametrize(
    ("pasted", "code", "told"),
    [
        (b"\xef\xbb\xbfa fox\nSteps: 12, Sampler: Euler, Seed: 3", 0, "\n  a fox\n"),
        ("a fox".encode("utf-16"), 2, "Standard input is no UTF-8 text (byte 0 does not fit)"),
        (b"just words", 0, "written by an unknown program, in the pasted text"),
    ],
)
def test_pasted_bytes_are_read_or_refused(run, monkeypatch: pytest.MonkeyPatch, pasted: bytes, code: int, told: str):
    """A byte order mark is no part of the prompt, and another encoding is the input's fault."""
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(pasted), encoding="utf-8"))
    finished = run("read", "-")

    assert code == finished.code
    assert told in finished.out + finished.err


def test_read_shows_parameters_to_people(run, picture: Path):
    """Prompts and fields are listed."""
    out = run("read", picture).out

    assert "a person in a garden" in out
    assert "CFG scale" in out


def test_control_characters_cannot_steer_the_terminal(run, tmp_path: Path):
    """An escape sequence in a prompt is shown as a mark."""
    info = PngImagePlugin.PngInfo()
    info.add_text("parameters", "\x1b]0;owned\x07\x1b[2J cat\nSteps: 1, Sampler: Euler, Seed: 1")
    Image.new("RGB", (8, 8)).save(tmp_path / "a.png", pnginfo=info)

    out = run("read", tmp_path / "a.png").out

    assert "cat" in out
    assert "\x1b" not in out


@pytest.mark.usefixtures("tagger")
def test_diff_lists_every_tag_with_its_class(run, picture: Path):
    """Each tag comes with class, weight, confidence, side and witness."""
    tags = {row["tag"]: row for row in json.loads(run("diff", picture, "--json").out)["tags"]}

    watermark = {"tag": "watermark", "class": "unexpected", "weight": 1.0, "confidence": 0.8}
    assert {**watermark, "negated": False, "witness": "tagger"} == tags["watermark"]
    assert ("unobservable", True, "nobody") == tuple(
        tags["low quality"][key] for key in ("class", "negated", "witness")
    )


@pytest.mark.usefixtures("tagger")
def test_diff_groups_by_class_for_people(run, picture: Path):
    """The table names the class above its tags, each with its numbers."""
    out = run("diff", picture).out

    assert "unexpected: seen, not asked for\n  watermark    1.00    80%   tagger  -\n" in out


@pytest.mark.usefixtures("tagger")
def test_diff_says_where_there_is_no_prompt(run, tmp_path: Path):
    """That nothing was asked for is the picture's silence, not the tagger's finding."""
    Image.new("RGB", (64, 64), "red").save(tmp_path / "bare.png")

    finished = run("diff", tmp_path / "bare.png", "--json")

    assert 0 == finished.code
    assert "bare.png holds no prompt, so whatever is seen in it counts as unexpected." in finished.err


@pytest.mark.usefixtures("tagger")
def test_probes_judge_what_the_tagger_cannot_see(run, picture: Path, monkeypatch):
    """With a scorer, a term outside the tagger's vocabulary gets a verdict."""
    monkeypatch.setattr(scorers, "probe_picture", lambda *_: (ProbedTerm("low quality", 0.9),))

    tags = {row["tag"]: row for row in json.loads(run("diff", picture, "--scorer", "clip", "--json").out)["tags"]}

    assert ("leaked", 0.9, "probe") == tuple(tags["low quality"][key] for key in ("class", "confidence", "witness"))


@pytest.mark.usefixtures("tagger")
def test_diff_writes_a_page(run, picture: Path, tmp_path: Path):
    """The page holds the chips, the answer stays on standard output."""
    finished = run("diff", picture, "--html", tmp_path / "diff.html", "--json")

    assert "watermark" in (tmp_path / "diff.html").read_text("utf-8")
    assert "diff.html" in finished.err
    assert json.loads(finished.out)["tags"]


@pytest.mark.usefixtures("tagger")
def test_a_page_that_cannot_be_written_is_told(run, picture: Path, tmp_path: Path):
    """The message names the file and the remedy."""
    finished = run("diff", picture, "--html", tmp_path / "nowhere" / "diff.html")

    assert 2 == finished.code
    assert "--html" in finished.err


@pytest.mark.usefixtures("tagger")
@pytest.mark.parametrize("goal", ["reproduce", "adapt", "restyle", "learn"])
def test_advice_gives_reasons_with_rule_ids(run, picture: Path, goal: str):
    """Every goal gets a choice and a complete prompt."""
    answer = json.loads(run("advise", picture, "--goal", goal, "--json").out)

    assert answer["choice"] in {"embedded", "reverse", "merge"}
    assert answer["prompt"]
    assert all(reason["rule"] and reason["text"] for reason in answer["reasons"])


@pytest.mark.usefixtures("tagger")
def test_an_unknown_goal_is_refused(run, picture: Path):
    """The message lists the goals."""
    finished = run("advise", picture, "--goal", "win")

    assert 2 == finished.code
    assert "restyle" in finished.err


@pytest.mark.usefixtures("tagger")
@pytest.mark.parametrize("command", ["tag", "diff", "advise"])
def test_the_miniatures_tagger_says_where_it_knows_nothing(run, picture: Path, monkeypatch, command: str):
    """A foreign picture brings one sentence with the remedy on standard error; naming a tagger silences it."""
    plain = run(command, picture, "--json")
    monkeypatch.setenv("COUNTERPROMPT_TAGGER", str(picture.parent))
    named = run(command, picture, "--json")

    assert "--tagger FOLDER or COUNTERPROMPT_TAGGER" in plain.err
    assert 1 == plain.err.count("\n")
    assert "" == named.err
    assert plain.out == named.out
