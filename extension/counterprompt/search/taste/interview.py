"""Asks a person while a study runs, and lets the study hear every answer, also those given elsewhere."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING

from counterprompt.search.taste.answer_book import AnswerBook
from counterprompt.search.taste.pool import PicturePool
from counterprompt.search.taste.proof import FEWEST_PAIRS, BlindPairs, count_pairs, open_pairs, pair_questions
from counterprompt.search.taste.questions import Purpose, Word
from counterprompt.search.taste.summary import TasteSummary, summarise

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from pathlib import Path

    from counterprompt.search.plan import StudyPlan
    from counterprompt.search.surrogate.sampler import EffectSampler
    from counterprompt.search.taste.questions import Answer, Person, Question
    from counterprompt.search.trial_file import TrialFile
    from counterprompt.search.verification import HeldOut

ROUNDS = (0.4, 0.7, 1.0)
"""Shares of the search's pictures after which a part of the questions is asked: a person is called a few times only."""

USUAL_QUESTIONS = 20
"""How many questions are asked where nobody says."""


@dataclass(frozen=True)
class Asking:
    """Who is asked in a study, and how much that counts."""

    person: Person | None = None
    """Who answers; None where answers are only taken from the study's folder."""
    questions: int = 0
    """How many are asked during the search."""
    weight: float | None = None
    """How much the answers count against the score, 0 to 1; None for the usual."""


class Interview:
    """The conversation of one study."""

    def __init__(
        self,
        folder: Path,
        plan: StudyPlan,
        scorer_name: str,
        sampler: EffectSampler,
        asking: Asking | None = None,
        waiting: Callable[[], AbstractContextManager[None]] = nullcontext,
    ) -> None:
        """Take up the conversation in *folder*; while the person thinks, *waiting* holds what counts the time."""
        from counterprompt.search.surrogate.asking import TASTE_WEIGHT

        self.book = AnswerBook(folder)
        self._pool = PicturePool(folder, plan.baseline, scorer_name)
        self._plan = plan
        self._sampler = sampler
        self._asking = asking or Asking()
        self._heard: tuple[tuple[Question, Answer], ...] = ()
        self._waiting = waiting
        self._is_over = self._asking.person is None
        self.weight = TASTE_WEIGHT if self._asking.weight is None else self._asking.weight

    def listen(self) -> None:
        """Let the search hear what was answered since it last listened, here or elsewhere."""
        from counterprompt.search.surrogate.asking import hear

        self.book.refresh()
        if self.book.answered != self._heard:
            self._heard = self.book.answered
            hear(self._sampler, self._heard, self.weight)

    def repeat(self) -> None:
        """Let the search hear all answers again, after it has begun to search more than before."""
        from counterprompt.search.surrogate.asking import hear

        if self.book.answered:
            hear(self._sampler, self.book.answered, self.weight)

    def consult(self, file: TrialFile, share: float) -> None:
        """Listen, and ask what is due after *share* (0 to 1) of the search's pictures.

        Raises:
            StoppedError: the person wants to stop the study; what was answered is kept.
        """
        self.listen()
        due = self._asking.questions * sum(share >= at for at in ROUNDS) // len(ROUNDS)
        while not self._is_over and (left := due - self._given()) > 0:
            question = self.next_question(file)
            if question is None:
                break
            self._ask(question, left - 1)
            self.listen()

    def next_question(self, file: TrialFile) -> Question | None:
        """Return the question that would tell most now; None where there are not pictures enough."""
        from counterprompt.search.surrogate.asking import next_question

        self.listen()
        trials = file.finished()
        self._sampler.learn(trials)
        pools = self._pool.by_seed(trials, self._plan.search_seeds)
        of_search = [question for question, _ in self.book.answered if question.purpose is Purpose.SEARCH]
        return next_question(self._sampler, pools, of_search, self._plan.search_seed)

    def prove(self, held_out: HeldOut) -> BlindPairs | None:
        """Ask which is better, the challenger or the user's settings, on fresh seeds; count all that was said of it.

        Raises:
            StoppedError: the person wants to stop the study; what was answered is kept.
        """
        pairs = [(pair.seed, pair.baseline_picture, pair.challenger_picture) for pair in held_out.pairs]
        wanted = pair_questions(pairs[: max(FEWEST_PAIRS, self._asking.questions // 2)], self._plan.search_seed)
        self.book.refresh()
        left = open_pairs(wanted, {question.key: answer for question, answer in self.book.answered})
        for at, question in enumerate(left):
            if not self._is_over:
                self._ask(question, len(left) - at - 1)
        return count_pairs(pairs, self.book.answered)

    def summary(self, pairs: BlindPairs | None) -> TasteSummary | None:
        """Say what all answers come to."""
        return summarise(self.book.answered, self.weight, pairs)

    def _given(self) -> int:
        return sum(question.purpose is Purpose.SEARCH for question, _ in self.book.answered)

    def _ask(self, question: Question, left: int) -> None:
        from PIL import Image

        assert self._asking.person is not None
        self.book.ask(question)
        pictures = []
        for option in question.options:
            with Image.open(self._pool.folder / option.picture) as picture:
                pictures.append(picture.convert("RGB"))
        with self._waiting():
            answer: Answer = self._asking.person.answer(question, pictures, left)
        if answer.word is Word.ENOUGH:
            self._is_over = True
        else:
            self.book.answer(question, answer)
