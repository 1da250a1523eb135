"""Answers on disk."""

from pathlib import Path

import pytest

from counterprompt.errors import InvalidInputError
from counterprompt.search.taste.answer_book import ANSWERS_FILE, AnswerBook
from counterprompt.search.taste.questions import Answer, Option, Purpose, Question, Word

ONE, TWO = (
    Question(Purpose.SEARCH, seed, (Option("a.png", (), 0.0), Option("b.png", (("own", 0.0),), 1.0))) for seed in (1, 2)
)


def test_answers_outlive_the_program(tmp_path: Path):
    """Another book over the same folder knows every question and the last answer to each, in the order of asking."""
    book = AnswerBook(tmp_path)
    book.answer(ONE, Answer(Word.PICKED, 0))
    book.ask(TWO)
    book.answer(ONE, Answer(Word.NONE))

    again = AnswerBook(tmp_path)
    again.refresh()

    assert (ONE, TWO) == again.asked
    assert ((ONE, Answer(Word.NONE)),) == again.answered


def test_another_program_is_heard(tmp_path: Path):
    """What somebody else wrote comes in with the next refresh, which says that there was something."""
    book, other = AnswerBook(tmp_path), AnswerBook(tmp_path)
    book.refresh()
    other.answer(TWO, Answer(Word.PICKED, 1))

    assert (True, False) == (book.refresh(), book.refresh())
    assert ((TWO, Answer(Word.PICKED, 1)),) == book.answered


@pytest.mark.parametrize(
    "damage",
    [b'{"answered": {"quest', b"\xff\xfe\x00", b"[]\n", b'{"asked": 3}\n', b'{"answered": {"question": "x"}}\n'],
)
def test_a_torn_line_costs_only_itself(tmp_path: Path, damage: bytes):
    """After a line that a kill left unfinished, what was before and what comes after is there."""
    book = AnswerBook(tmp_path)
    book.answer(ONE, Answer(Word.PICKED, 0))
    with (tmp_path / ANSWERS_FILE).open("ab") as file:
        file.write(damage)
    AnswerBook(tmp_path).answer(TWO, Answer(Word.SKIP))

    again = AnswerBook(tmp_path)
    again.refresh()

    assert ((ONE, Answer(Word.PICKED, 0)), (TWO, Answer(Word.SKIP))) == again.answered


def test_an_impossible_pick_is_never_believed(tmp_path: Path):
    """A place beyond the pictures, which only a strange hand could have written, is left out."""
    book = AnswerBook(tmp_path)
    book.answer(ONE, Answer(Word.PICKED, 7))

    assert () == book.answered


def test_an_unknown_question_is_named(tmp_path: Path):
    """Answers go to questions that were asked."""
    with pytest.raises(InvalidInputError, match="'abc'"):
        AnswerBook(tmp_path).question("abc")
