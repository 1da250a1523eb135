"""The diff as HTML chips."""

import pytest

from counterprompt.report.chips import chips_of, render_chips, shown_text
from counterprompt.report.picture_record import TagChip
from counterprompt.tags.classes import DiffClass, DiffEntry, PromptDiff, Witness


def test_chips_are_grouped_by_class() -> None:
    """News come first, each class under its name, a probe's verdict is told."""
    diff = PromptDiff(
        (
            DiffEntry("hat", DiffClass.CONFIRMED, 1.2, 0.8),
            DiffEntry("bad hands", DiffClass.LEAKED, 1.0, 0.7, is_negated=True, witness=Witness.PROBE),
        )
    )
    html = render_chips(chips_of(diff))

    assert html.index("bad hands") < html.index("hat<")
    assert 'title="weight 1.00, judged by a probe">bad hands<small>70%</small>' in html
    assert 'title="weight 1.20">hat<small>80%</small>' in html


def test_a_class_that_is_none_shows_nothing() -> None:
    """A chip from a damaged file cannot bring a class of its own."""
    assert "" == render_chips([TagChip("a", "'><script>")])


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a & b", "a &amp; b"),
        ("<b>\"'", "&lt;b&gt;&quot;&#x27;"),
        ("a\u202eb\x00", "a\ufffdb\ufffd"),
        ("a\nb", "a\nb"),
        ("\ud800", "\ufffd"),
    ],
)
def test_texts_are_shown_as_they_are(text: str, shown: str) -> None:
    """Markup is escaped, and what would hide or turn text becomes a mark."""
    assert shown == shown_text(text)
