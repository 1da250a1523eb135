"""Pieces of HTML."""

from __future__ import annotations

from counterprompt.webui.tab.pieces import cut, render_note, render_rows


def test_errors_are_read_out_and_escaped() -> None:
    """An error is an alert, other notes are not; markup in them is text."""
    assert '<p class="cp-note cp-error" role="alert">&lt;b&gt;</p>' == render_note("<b>", "error")
    assert 'role="status"' in render_note("fine", "good")


def test_long_texts_are_cut() -> None:
    """A text of megabytes does not make the page unusable."""
    assert "ab…" == cut("abcd", 2)
    assert len(render_rows([("label", "x" * 1_000_000)], "all")) < 25_000
