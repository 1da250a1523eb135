"""Choosing on the command line, on the fake generator."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

TINY = ("--generator", "fake", "--budget", "70", "--held-out", "8", "--search-seeds", "4", "--no-controls", "--no-open")


@pytest.fixture
def study(run, picture: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A finished study in which somebody was asked three times and always said 1."""
    folder = tmp_path / "study"
    monkeypatch.setattr("sys.stdin", io.StringIO("1\n" * 3 + "e\n"))
    finished = run("tune", picture, *TINY, "--choose", "3", "--terminal", "--study", folder)
    assert 0 == finished.code, finished.err
    return folder


def test_answers_are_asked_taken_and_heard(run, study: Path) -> None:
    """A finished study asks on; answers in a file are taken down by their key; resume counts them, and asks no more."""
    asked = json.loads(run("choose", study, "--json").out)
    key = asked["question"]["key"]
    file = study / "given.json"
    file.write_text(json.dumps({key: "2"}))
    taken = json.loads(run("choose", study, "--json", "--answers", file).out)
    resumed = run("resume", study, "--json", "--no-open", "--terminal", "--taste-weight", "0.5")

    assert 3 == asked["choices"]["picked"]
    assert all(Path(path).is_file() for path in asked["question"]["pictures"])
    assert (1, 4) == (taken["taken"], taken["choices"]["picked"])
    assert key != taken["question"]["key"]
    assert (0, 4, 0.5) == (
        resumed.code,
        json.loads(resumed.out)["own_choices"]["picked"],
        json.loads(resumed.out)["own_choices"]["weight"],
    )
    assert "your choices" in (study / "report.html").read_text("utf-8")


def test_the_proof_is_asked_by_pairs(run, study: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With --proof two pictures of a fresh seed are shown, and what was said of them is told."""
    monkeypatch.setattr("sys.stdin", io.StringIO("1\n2\ne\n"))
    shown = json.loads(run("choose", study, "--proof", "--json").out)["question"]
    finished = run("choose", study, "--proof", "--terminal")

    assert ("proof", 2) == (shown["purpose"], len(shown["pictures"]))
    assert 0 == finished.code, finished.err
    assert "In 2 blind pairs on fresh seeds" in finished.out


@pytest.mark.parametrize(
    ("text", "named"),
    [("[]", "holds no answers"), ("{", "no JSON"), ('{"x": "1"}', "'x'"), ('{"x": [1]}', "no answers")],
)
def test_answers_that_are_none_are_refused(run, study: Path, text: str, named: str) -> None:
    """The file's fault is named, and nothing is taken down."""
    file = study / "given.json"
    file.write_text(text)
    finished = run("choose", study, "--answers", file)

    assert (2, True) == (finished.code, named in finished.err)


def test_pictures_that_were_not_kept_can_be_drawn_again(run, picture: Path, tmp_path: Path) -> None:
    """A study that asked nobody has nothing to choose from, until some are drawn again; --json says nothing else."""
    folder = tmp_path / "plain"
    run("tune", picture, *TINY, "--study", folder)
    refused = run("choose", folder, "--terminal")
    drawn = json.loads(run("choose", folder, "--draw", "20", "--json").out)

    assert (2, True) == (refused.code, "--draw" in refused.err)
    assert 4 == len(drawn["question"]["pictures"])
