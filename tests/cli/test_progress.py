"""Progress on standard error."""

from __future__ import annotations

import sys

import pytest

TerminalProgress = pytest.importorskip("counterprompt.cli.progress").TerminalProgress


def test_lines_come_now_and_then_where_there_is_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    """The first and the last piece of a stage are told, those between only after a while."""
    with TerminalProgress() as progress:
        for done in range(1, 101):
            progress.advance("search", done, 100, "best so far +0.5")

    out, err = capsys.readouterr()

    assert "" == out
    assert 2 == err.count("\n")
    assert err.startswith("search: 1 of 100")
    assert "search: 100 of 100" in err


def test_a_terminal_shows_a_bar_with_the_time_left(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stages of one piece of work share a bar, and nothing reaches standard output."""
    pytest.importorskip("rich")
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)

    with TerminalProgress() as progress:
        progress.advance("search", 1, 10, "best [bold] +0.5")
        progress.advance("verification", 10, 10)
        progress.say("The study [red] is kept")

    out, err = capsys.readouterr()

    assert "" == out
    assert "10/10" in err
    assert "The study [red] is kept" in err


def test_a_total_that_changes_goes_on_in_its_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    """A study by the clock corrects its total: the bar stays one, until something begins anew."""
    pytest.importorskip("rich")
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)

    with TerminalProgress() as progress:
        progress.advance("search", 8, 100)
        progress.advance("search", 10, 90)
        progress.advance("choice", 80, 84)
        progress.advance("controls", 4, 20)
        bars = [(bar.description, bar.completed, bar.total) for bar in progress._progress.tasks]

    assert [("choice", 80, 84), ("controls", 4, 20)] == bars


def test_the_pace_is_said_once(capsys: pytest.CaptureFixture[str]) -> None:
    """The first estimate is a sentence; the lines that follow tell the time left by the last one."""
    from counterprompt.search.pace import PaceEstimate

    with TerminalProgress() as progress:
        progress.hear_pace(PaceEstimate(2.0, 1.5, 0.5, 90))
        progress.hear_pace(PaceEstimate(3.0, 2.5, 0.5, 88))
        progress.advance("search", 12, 100)

    assert [
        "A picture takes 2 s here (1.5 s drawing, 0.5 s scoring): at most 90 more pictures, about 3 minutes.",
        "search: 12 of 100, 264 s left",
    ] == capsys.readouterr().err.splitlines()
