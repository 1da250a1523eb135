"""One question to a person, and the answer: which of these pictures of one seed is best?"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any, Protocol

from counterprompt.errors import InvalidInputError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from PIL import Image

SHOWN_AT_ONCE = 4
"""Pictures in one question."""


class Purpose(str, Enum):
    """What a question is for."""

    SEARCH = "search"
    """Its answer tells the search what the person likes."""
    PROOF = "proof"
    """Winner against the user's own settings on a fresh seed: it proves, and teaches nothing."""


class Word(str, Enum):
    """What a person can say."""

    PICKED = "picked"
    """One of the pictures is the best."""
    NONE = "none"
    """None is better than the others."""
    SKIP = "skip"
    """Nothing can be said of these."""
    ENOUGH = "enough"
    """No more questions, please."""


@dataclass(frozen=True)
class Option:
    """One picture of a question."""

    picture: str
    """Its file, relative to the study's folder."""
    params: tuple[tuple[str, float], ...]
    """The parameters of its candidate; none for the user's own settings."""
    score: float
    """What the objective says of this picture against the user's own on the same seed, in baseline spreads."""


@dataclass(frozen=True)
class Question:
    """Pictures to choose from, in the order in which they are shown."""

    purpose: Purpose
    """What it is for."""
    seed: int
    """The seed of all of them."""
    options: tuple[Option, ...]
    """Two or four pictures of different candidates; nothing that is shown tells which is which."""

    @property
    def key(self) -> str:
        """A short name of this question: the same pictures in the same order have the same."""
        told = json.dumps([self.purpose.value, self.seed, [option.picture for option in self.options]])
        return hashlib.sha256(told.encode()).hexdigest()[:12]

    @property
    def pictures(self) -> frozenset[str]:
        """The pictures, whatever their order."""
        return frozenset(option.picture for option in self.options)


@dataclass(frozen=True)
class Answer:
    """What the person said."""

    word: Word
    """The kind of answer."""
    picked: int | None = None
    """Index of the best picture in the question's order; None unless one was picked."""

    @property
    def is_opinion(self) -> bool:
        """Whether it says anything of the pictures."""
        return self.word in (Word.PICKED, Word.NONE)


class Person(Protocol):
    """Somebody who is asked."""

    def answer(self, question: Question, pictures: Sequence[Image.Image], left: int) -> Answer:
        """Say which of *pictures*, in the order of *question*, is best; *left* more questions follow, at most.

        Raises:
            StoppedError: the person wants to stop the whole study.
        """
        ...


def answer_named(text: str, options: int) -> Answer:
    """Read an answer to a question with so many *options*: "1", "2", ... or "none", "skip", "enough".

    Raises:
        InvalidInputError: it is none of these.
    """
    word = text.strip().lower()
    if word.isdecimal() and word.isascii() and len(word) < 3 and 1 <= int(word) <= options:
        return Answer(Word.PICKED, int(word) - 1)
    if word in (Word.NONE.value, Word.SKIP.value, Word.ENOUGH.value):
        return Answer(Word(word))
    raise InvalidInputError(f"{text[:40]!r} is no answer; give a number from 1 to {options}, none, skip or enough.")


def question_to_json(question: Question) -> dict[str, Any]:
    """Return *question* as values that JSON knows."""
    return {**asdict(question), "purpose": question.purpose.value}


def question_from_json(values: Mapping[str, Any]) -> Question:
    """Read a question back from what `question_to_json` returned, also after a round through JSON text.

    Raises:
        KeyError, TypeError, ValueError: it is none.
    """
    options = tuple(map(_option_from_json, values["options"]))
    return Question(Purpose(values["purpose"]), int(values["seed"]), options)


def _option_from_json(values: Mapping[str, Any]) -> Option:
    params = tuple((str(name), float(value)) for name, value in values["params"])
    return Option(str(values["picture"]), params, float(values["score"]))
