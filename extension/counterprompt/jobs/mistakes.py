"""What is wrong in a job file, and on which line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counterprompt.errors import InvalidInputError

if TYPE_CHECKING:
    from collections.abc import Sequence


class Mistake(Exception):  # noqa: N818 - it is collected, and only all of them together are an error
    """One thing that is wrong in a job file."""

    def __init__(self, line: int, sentence: str) -> None:
        super().__init__(f"line {line}: {sentence}")
        self.line = line
        """Counted from 1."""
        self.sentence = sentence
        """What is wrong and what to do, without a full stop."""


class JobFileError(InvalidInputError):
    """A job file holds mistakes; all of them are named."""

    def __init__(self, name: str, mistakes: Sequence[Mistake]) -> None:
        self.mistakes = tuple(sorted(mistakes, key=lambda mistake: mistake.line))
        """In the order of their lines."""
        count = "a mistake" if len(self.mistakes) == 1 else f"{len(self.mistakes)} mistakes"
        super().__init__(f"{name} holds {count}: {'; '.join(map(str, self.mistakes))}.")
