"""Winner against baseline, blind."""

import pytest

from counterprompt.search.taste.proof import BlindPairs, count_pairs, decide, pair_questions, reason_by_pairs
from counterprompt.search.taste.questions import Answer, Word
from counterprompt.search.verification import Verdict

PAIRS = [(seed, f"own{seed}.png", f"new{seed}.png") for seed in range(12)]


@pytest.mark.parametrize(
    ("pairs", "verdict"),
    [
        (BlindPairs(6, 0), Verdict.GAIN),
        (BlindPairs(5, 0), None),
        (BlindPairs(8, 1, 3), Verdict.GAIN),
        (BlindPairs(7, 3), None),
        (BlindPairs(0, 6), Verdict.NO_GAIN),
        (BlindPairs(0, 0, 12), None),
    ],
)
def test_choices_decide_only_beyond_chance(pairs: BlindPairs, verdict: Verdict | None):
    """Less than one in forty by throwing a coin decides, in either direction; ties count for neither."""
    assert verdict == pairs.verdict


def test_the_person_decides_where_certain():
    """A certain choice overrules the score either way; an uncertain one, or none, leaves it the word."""
    assert Verdict.GAIN is decide(Verdict.NO_GAIN, BlindPairs(9, 0))
    assert Verdict.NO_GAIN is decide(Verdict.GAIN, BlindPairs(0, 9))
    assert Verdict.GAIN is decide(Verdict.GAIN, BlindPairs(2, 3))
    assert Verdict.NO_GAIN is decide(Verdict.NO_GAIN, None)
    assert "9 times" in reason_by_pairs(BlindPairs(9, 0))
    assert "" == reason_by_pairs(BlindPairs(3, 3))


def test_pairs_are_blind_and_counted_right():
    """The order is drawn, the same for the same seed, and whoever always picks the new one wins every pair."""
    questions = pair_questions(PAIRS, 3)
    places = [question.options[0].picture.startswith("own") for question in questions]
    answered = [
        (question, Answer(Word.PICKED, 1 if own_first else 0)) for question, own_first in zip(questions, places)
    ]

    assert 2 <= sum(places) <= 10
    assert questions == pair_questions(PAIRS, 3)
    assert BlindPairs(12, 0, 0) == count_pairs(PAIRS, answered)
    assert BlindPairs(0, 0, 1) == count_pairs(PAIRS, [(questions[0], Answer(Word.NONE))])
    assert count_pairs(PAIRS, [(questions[0], Answer(Word.SKIP))]) is None
