"""Questions and answers of one study, kept in its folder: a line of JSON for each, never changed once written."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

from counterprompt.errors import InvalidInputError
from counterprompt.search.taste.questions import Answer, Question, Word, question_from_json, question_to_json
from counterprompt.whole_files import naming_the_remedy

if TYPE_CHECKING:
    from pathlib import Path

ANSWERS_FILE = "answers.jsonl"
"""Where they are kept, below the study's folder."""

_LARGEST_FILE = 50_000_000


class AnswerBook:
    """What was asked and answered in the study of one folder, by this program or another."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / ANSWERS_FILE
        self._size = -1
        self._asked: dict[str, Question] = {}
        self._answers: dict[str, Answer] = {}

    def refresh(self) -> bool:
        """Read what has been written since the last call; say whether there was anything.

        Raises:
            InvalidInputError: the file cannot be read.
        """
        try:
            size = self._path.stat().st_size if self._path.exists() else 0
            if size == self._size:
                return False
            if size > _LARGEST_FILE:
                raise InvalidInputError(f"{self._path} is too large to be a study's answers; delete or restore it.")
            lines = self._path.read_bytes().split(b"\n") if size else []
        except OSError as error:
            raise InvalidInputError(f"{self._path} cannot be read ({error.strerror}); restore or delete it.") from error
        self._size = size
        for line in lines:
            self._take(line)
        return True

    @property
    def asked(self) -> tuple[Question, ...]:
        """Every question, in order."""
        return tuple(self._asked.values())

    @property
    def answered(self) -> tuple[tuple[Question, Answer], ...]:
        """Every question that has an answer, with the last one given, in the order of asking."""
        return tuple((question, self._answers[key]) for key, question in self._asked.items() if key in self._answers)

    def question(self, key: str) -> Question:
        """Return the question of that *key*.

        Raises:
            InvalidInputError: none was asked.
        """
        if key not in self._asked:
            raise InvalidInputError(f"No question {key[:40]!r} was asked in this study; `choose --json` asks one.")
        return self._asked[key]

    def ask(self, question: Question) -> None:
        """Write down that *question* is asked; once is enough."""
        if question.key not in self._asked:
            self._write({"asked": question_to_json(question)})

    def answer(self, question: Question, answer: Answer) -> None:
        """Write down the *answer*; it survives the program from here on. A later one takes its place.

        Raises:
            InvalidInputError: the folder cannot be written.
        """
        self.ask(question)
        self._write({"answered": {"question": question.key, "word": answer.word.value, "picked": answer.picked}})

    def _write(self, values: dict[str, Any]) -> None:
        line = json.dumps(values, ensure_ascii=True).encode() + b"\n"
        remedy = "free some space or correct its permissions"
        with naming_the_remedy(f"The file {self._path}", remedy), self._path.open("ab+") as file:
            if file.tell():
                file.seek(-1, os.SEEK_END)
                if file.read(1) != b"\n":  # a line that a kill or a power cut left unfinished
                    line = b"\n" + line
            file.write(line)
            file.flush()
            os.fsync(file.fileno())
        self.refresh()

    def _take(self, line: bytes) -> None:
        """Take in one line; one that is damaged counts as never written."""
        try:
            values = json.loads(line)
            if "asked" in values:
                question = question_from_json(values["asked"])
                self._asked.setdefault(question.key, question)
            elif "answered" in values:
                said = values["answered"]
                question, answer = self._asked[said["question"]], Answer(Word(said["word"]), said["picked"])
                if answer.picked is None or 0 <= answer.picked < len(question.options):
                    self._answers[question.key] = answer
        except (ValueError, KeyError, TypeError):
            return
