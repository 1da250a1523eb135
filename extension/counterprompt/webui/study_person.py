"""Whoever looks at the tab, as somebody who can be asked: the study waits, the page shows, a click answers."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from counterprompt.errors import InvalidInputError, StoppedError
from counterprompt.search.taste.questions import Purpose, answer_named

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PIL import Image

    from counterprompt.search.taste.questions import Answer, Question

_SECONDS_BETWEEN_LOOKS: Final = 0.2


@dataclass(frozen=True)
class OpenQuestion:
    """A question that waits for its answer; nothing in it tells which picture is which."""

    key: str
    """What to answer to."""
    pictures: tuple[str, ...]
    """Two or four picture files, relative to the study's folder, in the order in which they are shown."""
    left: int
    """How many more follow, at most."""
    is_proof: bool
    """Whether it is the best candidate against the user's own settings."""


class StudyPerson:
    """Implements `search.taste.questions.Person` for a study that runs in its own thread.

    Args:
        is_stop_wanted: says whether the study should end; then nothing is waited for.
    """

    def __init__(self, is_stop_wanted: Callable[[], bool]) -> None:
        self._is_stop_wanted = is_stop_wanted
        self._changed = threading.Condition()
        self._question: OpenQuestion | None = None
        self._answer: Answer | None = None

    @property
    def question(self) -> OpenQuestion | None:
        """What waits for an answer; None where nothing does."""
        return self._question

    def answer(self, question: Question, pictures: Sequence[Image.Image], left: int) -> Answer:
        """Show *question* and wait for what is clicked.

        Raises:
            StoppedError: the study was paused or stopped meanwhile.
        """
        names = tuple(option.picture for option in question.options)
        with self._changed:
            self._question = OpenQuestion(question.key, names, left, question.purpose is Purpose.PROOF)
            self._answer = None
            try:
                while self._answer is None:
                    if self._is_stop_wanted():
                        raise StoppedError("Stopped; everything scored so far is kept, resume the study to go on.")
                    self._changed.wait(_SECONDS_BETWEEN_LOOKS)
                return self._answer
            finally:
                self._question = None

    def take(self, key: str, text: str) -> None:
        """Answer the open question of *key* with *text*: "1", "2", ..., "none", "skip" or "enough".

        Raises:
            InvalidInputError: it is no answer, or to no question that is open.
        """
        with self._changed:
            if self._question is None or key != self._question.key:
                raise InvalidInputError("This question is no longer open; answer the one that is shown.")
            self._answer = answer_named(text, len(self._question.pictures))
            self._question = None  # a second click must not meet it, however late the study's thread wakes
            self._changed.notify_all()
