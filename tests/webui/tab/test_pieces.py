"""Pieces of HTML."""

from __future__ import annotations

import json
from html import unescape

from counterprompt.webui.tab.pieces import cut, render_nav, render_note, render_rows, verbatim
from counterprompt.webui.tab.words import ENGLISH, LOCALIZATIONS


def test_errors_are_read_out_and_escaped() -> None:
    """An error is an alert, other notes are not; markup in them is text."""
    assert '<p class="cp-note cp-error" role="alert">&lt;b&gt;</p>' == render_note("<b>", "error")
    assert 'role="status"' in render_note("fine", "good")


def test_long_texts_are_cut() -> None:
    """A text of megabytes does not make the page unusable."""
    assert "ab…" == cut("abcd", 2)
    assert len(render_rows([("label", "x" * 1_000_000)], "all")) < 25_000


def test_a_text_that_is_not_ours_is_in_no_table() -> None:
    """Not one key of the host's table is left whole, and what is read is the text, escaped."""
    keys = json.loads((LOCALIZATIONS / "zh_CN.json").read_text("utf-8")).keys()
    pieces = {key: [unescape(piece).strip() for piece in verbatim(key).split("<!---->")] for key in keys}

    assert [] == [key for key, parts in pieces.items() if keys & set(parts) - {""} and len(key) > 1]
    assert "&lt;b&gt;" == verbatim("<b>")
    assert "a w<!---->atermark" == verbatim("a watermark")
    assert "猫" == verbatim("猫")


def test_each_step_has_its_button() -> None:
    """The navigation is named, its buttons tell our script where to go, and titles are escaped."""
    nav = render_nav(("Read", "<b>"), ENGLISH)

    assert 'aria-label="The four steps"' in nav
    assert 'data-cp-step="2"' in nav
    assert "&lt;b&gt;" in nav
