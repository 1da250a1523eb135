"""Asking in the terminal."""

import io
from pathlib import Path

import pytest
from PIL import Image

from counterprompt.cli.terminal_person import SHEET_FILE, TerminalPerson
from counterprompt.search.taste.questions import Answer, Option, Purpose, Question, Word

QUESTION = Question(Purpose.SEARCH, 1, tuple(Option(f"{name}.png", (), 0.0) for name in "abcd"))
PICTURES = [Image.new("RGB", (64, 64), "red")] * 4


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("3\n", Answer(Word.PICKED, 2)),
        ("n\n", Answer(Word.NONE)),
        ("\n", Answer(Word.SKIP)),
        ("5\nwhat\nNONE\n", Answer(Word.NONE)),
        ("", Answer(Word.ENOUGH)),
    ],
)
def test_what_is_typed_is_the_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], typed: str, answer: Answer
):
    """It asks again until something is an answer; nothing on standard output; the sheet is there to look at."""
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))

    assert answer == TerminalPerson(tmp_path).answer(QUESTION, PICTURES, 5)
    assert "" == capsys.readouterr().out
    assert (tmp_path / SHEET_FILE).is_file()
