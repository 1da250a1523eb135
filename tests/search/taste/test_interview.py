"""A whole study in which somebody is asked."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from counterprompt.errors import StoppedError
from counterprompt.generation.fake import FakeGenerator, FakeScorer
from counterprompt.search.study import run_study
from counterprompt.search.taste.answer_book import AnswerBook
from counterprompt.search.taste.interview import Asking
from counterprompt.search.taste.questions import Answer, Purpose, Word

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PIL import Image

    from counterprompt.search.plan import StudyPlan
    from counterprompt.search.taste.questions import Question


class Follower:
    """Picks what the score likes best, or what is new; may stop after some questions."""

    def __init__(self, stop_after: int = 1000, enough_after: int = 1000) -> None:
        self.heard: list[tuple[Question, int, int]] = []
        self._stop_after = stop_after
        self._enough_after = enough_after

    def answer(self, question: Question, pictures: Sequence[Image.Image], left: int) -> Answer:
        """Answer."""
        if len(self.heard) >= self._stop_after:
            raise StoppedError("Good night.")
        if len(self.heard) >= self._enough_after:
            return Answer(Word.ENOUGH)
        self.heard.append((question, len(pictures), left))
        scores = [option.score for option in question.options]
        return Answer(Word.PICKED, scores.index(max(scores)))


@pytest.fixture
def small(plan: StudyPlan) -> StudyPlan:
    """The plan with fewer pictures."""
    return replace(plan, picture_budget=80)


def _run(plan: StudyPlan, folder: Path, person: Follower, questions: int = 6):
    asking = Asking(person, questions)
    return run_study(plan, FakeGenerator(), FakeScorer(), None, folder, asking=asking)


def test_questions_come_in_rounds_and_a_proof(small: StudyPlan, tmp_path: Path):
    """Six of the search, each of different candidates on one seed that exist; then blind pairs on fresh seeds."""
    person = Follower()
    outcome = _run(small, tmp_path, person)
    of_search = [question for question, _, _ in person.heard if question.purpose is Purpose.SEARCH]
    pairs = [question for question, _, _ in person.heard if question.purpose is Purpose.PROOF]

    assert 6 == len(of_search)
    assert {question.seed for question in of_search} <= set(small.search_seeds)
    assert {question.seed for question in pairs} <= set(small.proof_seeds)
    assert {4} >= {shown for question, shown, _ in person.heard if question.purpose is Purpose.SEARCH}
    assert all(len(question.pictures) == len(question.options) for question, _, _ in person.heard)
    assert (6, 6) == (outcome.taste.picked, outcome.taste.agreed)
    assert len(pairs) == outcome.taste.pairs.wins + outcome.taste.pairs.losses
    assert outcome.pictures <= small.picture_budget
    assert 6 == json.loads((tmp_path / "outcome.json").read_text("utf-8"))["taste"]["picked"]


def test_a_stop_keeps_what_was_answered(small: StudyPlan, tmp_path: Path):
    """Who leaves in the middle is asked only the rest on resuming, and no question twice."""
    first, second = Follower(stop_after=3), Follower()
    with pytest.raises(StoppedError):
        _run(small, tmp_path, first)
    _run(small, tmp_path, second)
    asked = [question for question, _, _ in (*first.heard, *second.heard) if question.purpose is Purpose.SEARCH]

    assert (3, 6) == (len(first.heard), len(asked))
    assert 6 == len({(question.seed, question.pictures) for question in asked})


def test_enough_is_enough(small: StudyPlan, tmp_path: Path):
    """After that word nothing more is asked, neither in the search nor for the proof; the study ends as usual."""
    person = Follower(enough_after=1)
    outcome = _run(small, tmp_path, person)

    assert 1 == len(person.heard)
    assert outcome.taste.pairs is None


def test_without_a_person_nothing_is_kept_or_written(small: StudyPlan, tmp_path: Path):
    """A study that asks nobody has no answers, no taste, and pictures only of its baseline and its proof."""
    outcome = run_study(small, FakeGenerator(), FakeScorer(), None, tmp_path)
    book = AnswerBook(tmp_path)
    book.refresh()

    assert outcome.taste is None
    assert () == book.asked
    assert len(list((tmp_path / "pictures").iterdir())) <= len(small.search_seeds) + 2 * len(small.proof_seeds)
