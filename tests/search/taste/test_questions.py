"""Questions and answers as values."""

import json

import pytest

from counterprompt.errors import InvalidInputError
from counterprompt.search.taste.questions import (
    Answer,
    Option,
    Purpose,
    Question,
    Word,
    answer_named,
    question_from_json,
    question_to_json,
)

QUESTION = Question(
    Purpose.SEARCH, 7, (Option("pictures/a.png", (("own", 0.0), ("cfg_scale", 8.5)), 0.25), Option("b.png", (), 0.0))
)


def test_a_question_survives_json():
    """Written and read again it is the same, key and all."""
    again = question_from_json(json.loads(json.dumps(question_to_json(QUESTION))))

    assert (QUESTION, QUESTION.key) == (again, again.key)


def test_another_order_is_another_question():
    """The key tells the order, for the answer is a place in it; the set of pictures does not."""
    turned = Question(QUESTION.purpose, QUESTION.seed, QUESTION.options[::-1])

    assert QUESTION.key != turned.key
    assert QUESTION.pictures == turned.pictures


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("1", Answer(Word.PICKED, 0)),
        (" 2 ", Answer(Word.PICKED, 1)),
        ("None", Answer(Word.NONE)),
        ("skip", Answer(Word.SKIP)),
        ("enough", Answer(Word.ENOUGH)),
    ],
)
def test_answers_are_read(text: str, answer: Answer):
    """A number from 1, or a word in any case."""
    assert answer == answer_named(text, 2)


@pytest.mark.parametrize("text", ["", "0", "3", "-1", "1.0", "picked", "٢", "9" * 5000])
def test_other_answers_are_refused(text: str):
    """What is no answer is named with what would be one."""
    with pytest.raises(InvalidInputError, match="from 1 to 2"):
        answer_named(text, 2)
