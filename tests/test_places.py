"""Paths as people write them."""

from __future__ import annotations

from pathlib import Path

import pytest

from counterprompt.places import expanded, is_place, place_of


@pytest.mark.parametrize(
    ("place", "text"),
    [("/jobs/a.png", "a.png"), ("/b/a.png", "/b/a.png"), ("/jobs/~nobody-is-called-so/a", "~nobody-is-called-so/a")],
)
def test_paths_start_from_the_folder(place: str, text: str) -> None:
    """A path that is not absolute is one of the folder, and so is the home of nobody."""
    assert Path(place) == place_of(text, Path("/jobs"))


def test_the_home_of_nobody_is_a_plain_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """The home of someone is found, and "~" before no user's name means what it says."""
    monkeypatch.setenv("HOME", "/home/ada")
    monkeypatch.setenv("USERPROFILE", "/home/ada")

    assert expanded(Path("~/studies")) == Path("/home/ada/studies")
    assert expanded(Path("~nobody-is-called-so/a")) == Path("~nobody-is-called-so/a")


def test_something_is_there_or_not(tmp_path: Path) -> None:
    """A folder is something, but no file; a name that is too long is nothing."""
    assert is_place(tmp_path)
    assert not is_place(tmp_path, is_file=True)
    assert not is_place(tmp_path / ("x" * 5000))
