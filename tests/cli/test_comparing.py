"""The command that compares prompts, as far as it goes before anything is drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counterprompt.bootstrap import generators

if TYPE_CHECKING:
    from pathlib import Path


def test_a_folder_for_the_page_is_refused_before_anything_is_loaded(run, picture: Path, tmp_path: Path, monkeypatch):
    """An hour of drawing is not lost to a page that cannot be written."""
    loaded: list[object] = []
    monkeypatch.setattr(generators, "load_generator", lambda *asked: loaded.append(asked))

    finished = run("compare", picture, "--page", tmp_path)

    assert (2, []) == (finished.code, loaded)
    assert f"{tmp_path} is a folder; name the HTML file to write with --page.\n" == finished.err


def test_a_page_that_cannot_be_written_is_refused_before_anything_is_loaded(run, picture: Path, monkeypatch):
    """Likewise where its folder cannot be made."""
    loaded: list[object] = []
    monkeypatch.setattr(generators, "load_generator", lambda *asked: loaded.append(asked))

    finished = run("compare", picture, "--page", picture / "page.html")

    assert (2, []) == (finished.code, loaded)
    assert "name another with --page" in finished.err


def test_the_sampler_can_be_named(run, picture: Path, tmp_path: Path, monkeypatch):
    """Where the generator does not know the picture's own, another can be chosen, as the error says."""
    samplers: list[str | None] = []
    monkeypatch.setattr(generators, "fit_choices", lambda choices, _: samplers.append(choices.sampler_name))

    run("compare", picture, "--sampler", "DDIM", "--page", tmp_path)

    assert ["DDIM"] == samplers
