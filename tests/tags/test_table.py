"""The diff as a text table."""

from counterprompt.tags.classes import DiffClass, DiffEntry, PromptDiff, Witness
from counterprompt.tags.table import CLASS_MEANINGS, render_diff_table

DIFF = PromptDiff(
    (
        DiffEntry("red hat", DiffClass.CONFIRMED, 1.2, 0.83),
        DiffEntry("wlop", DiffClass.UNOBSERVABLE, 1.0, 0.0, witness=Witness.NOBODY),
        DiffEntry("bad hands", DiffClass.LEAKED, 1.0, 0.7, is_negated=True, witness=Witness.PROBE),
        DiffEntry("dog", DiffClass.UNEXPECTED, 1.0, 0.5),
    )
)

TABLE = """\
  tag        weight  seen  by      prompt

leaked: in the negative prompt, yet seen
  bad hands  1.00    70%   probe   negative

unexpected: seen, not asked for
  dog        1.00    50%   tagger  -

confirmed: asked for and seen
  red hat    1.20    83%   tagger  positive

unobservable: not judged: no tagger or probe knows it, or none is sure
  wlop       1.00    -     nobody  positive"""


def test_the_table() -> None:
    """Columns are aligned over all classes, the news come first."""
    assert TABLE == render_diff_table(DIFF)


def test_an_empty_diff_has_no_table() -> None:
    """Nothing asked and nothing seen is nothing to write."""
    assert "" == render_diff_table(PromptDiff(()))


def test_every_class_has_a_meaning() -> None:
    """No entry can be lost."""
    assert set(DiffClass) == set(CLASS_MEANINGS)


def test_tags_cannot_steer_a_terminal_or_break_a_row() -> None:
    """Control characters become visible, long tags are cut."""
    table = render_diff_table(PromptDiff((DiffEntry("\x1b[2J\na" + "b" * 99, DiffClass.MISSING, 1.0, 0.0),)))

    assert "\x1b" not in table
    assert 4 == len(table.splitlines())
    assert max(map(len, table.splitlines())) < 90
