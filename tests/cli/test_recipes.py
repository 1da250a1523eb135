"""Recipes on the command line, from a study on the fake generator."""

from __future__ import annotations

import json
from pathlib import Path

import pytest


@pytest.fixture
def study(run, picture: Path, tmp_path: Path) -> Path:
    """A study that found a gain."""
    folder = tmp_path / "study"
    finished = run("tune", picture, "--generator", "fake", "--budget", "120", "--no-controls", "--study", folder)
    assert 0 == finished.code, finished.err
    return folder


def test_a_winner_is_kept_with_its_evidence_and_applied(run, study: Path, picture: Path, tmp_path: Path) -> None:
    """Kept, listed, chosen for the same picture by its conditions, and written into a copy."""
    winner = json.loads((study / "report.json").read_text("utf-8"))["winner"]
    saved = run("recipes", "save", study, "--name", "garden", "--json")
    listed = json.loads(run("recipes", "list", "--json").out)
    applied = run("apply", "auto", picture, "--write", tmp_path / "copy.png", "--checkpoint", "fake", "--json")
    answer = json.loads(applied.out)
    copy = json.loads(run("read", tmp_path / "copy.png", "--json").out)

    assert 0 == saved.code, saved.err
    assert json.loads(saved.out)["evidence"]["low"] > 0
    assert ["garden"] == [recipe["name"] for recipe in listed["recipes"]]
    assert {"checkpoint": "fake", "subject": "portrait"}.items() <= listed["recipes"][0]["holds_for"].items()
    assert winner["negative_prompt"] == answer["negative_prompt"] == copy["negative_prompt"]
    assert winner["prompt"] == answer["prompt"] == copy["prompt"]
    assert "the same checkpoint, fake" in answer["why"]


def test_a_recipe_is_not_applied_where_it_has_no_business(run, study: Path) -> None:
    """One that was proven on a portrait is not taken for a lake, and the sentence says so."""
    run("recipes", "save", study, "--name", "garden")
    finished = run("apply", "auto", "a lake", "--checkpoint", "fake")

    assert 2 == finished.code
    assert "“garden” comes nearest: another subject: portrait, not landscape" in finished.err


def test_a_study_is_applied_without_being_kept(run, study: Path) -> None:
    """A study's folder serves as a recipe, also for a prompt; text is for people."""
    finished = run("apply", study, "a knight, watermark")

    assert 0 == finished.code, finished.err
    assert "“watermark” is left out" in finished.out


def test_recipes_travel(run, study: Path, tmp_path: Path) -> None:
    """Export to the WebUI's styles keeps the other styles; JSON comes back; nothing is overwritten unasked."""
    styles, recipes = tmp_path / "styles.csv", tmp_path / "recipes.json"
    styles.write_text("name,prompt,negative_prompt\nmine,a cat,\n", encoding="utf-8-sig")
    run("recipes", "save", study, "--name", "garden")

    exported = run("recipes", "export", "--styles", styles, "--to", recipes)
    again = run("recipes", "export", "--to", recipes)
    deleted = run("recipes", "delete", "garden")
    imported = run("recipes", "import", recipes)

    assert [0, 2, 0, 0] == [each.code for each in (exported, again, deleted, imported)]
    assert styles.read_bytes().startswith(b"\xef\xbb\xbfname,prompt,negative_prompt\r\nmine,a cat,\r\ngarden,,")
    assert "garden" in run("recipes", "show", "garden").out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("apply", "nothing", "a cat"), "There is no recipe 'nothing'"),
        (("apply", "auto", "a cat"), "No recipe suits"),
        (("apply", "auto", "nowhere.png"), "nowhere.png does not exist"),
        (("apply", "auto", ""), "holds no prompt"),
        (("recipes", "export"), "--styles"),
        (("recipes", "save", "/nowhere"), "report in"),
    ],
)
def test_mistakes_are_named(run, arguments: tuple[str, ...], words: str) -> None:
    """Each ends with exit code 2 and one sentence."""
    finished = run(*arguments)

    assert (2, "") == (finished.code, finished.out)
    assert words in finished.err
