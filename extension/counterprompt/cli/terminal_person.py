"""Asks in the terminal which picture on a contact sheet is best."""

from __future__ import annotations

import sys
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING

from counterprompt.errors import InvalidInputError
from counterprompt.report.choice_page import write_contact_sheet
from counterprompt.search.taste.questions import Answer, Purpose, Word, answer_named
from counterprompt.whole_files import naming_the_remedy, replacing

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from PIL import Image

    from counterprompt.search.taste.questions import Question

SHEET_FILE = "choice.png"
"""The contact sheet, in the study's folder."""

_SHORT = {"n": "none", "s": "skip", "e": "enough", "": "skip"}


class TerminalPerson:
    """Implements `search.taste.questions.Person`: the pictures as one PNG, the answer from standard input.

    Args:
        folder: where the contact sheet goes.
        pause: makes the progress bar keep still while somebody thinks.
    """

    def __init__(self, folder: Path, pause: Callable[[], AbstractContextManager[None]] = nullcontext) -> None:
        self._sheet = folder / SHEET_FILE
        self._pause = pause

    def answer(self, question: Question, pictures: Sequence[Image.Image], left: int) -> Answer:
        """Write the sheet and ask until something that is an answer was said; the end of the input means enough.

        Raises:
            InvalidInputError: the sheet cannot be written.
        """
        remedy = "free some space or correct its permissions"
        with naming_the_remedy(f"The contact sheet {self._sheet}", remedy), replacing(self._sheet) as aside:
            write_contact_sheet(pictures, aside)
        proof = " (your own settings and the best candidate)" if question.purpose is Purpose.PROOF else ""
        with self._pause():
            sys.stderr.write(f"Which is best{proof}? Look at {self._sheet}\n")
            while True:
                sys.stderr.write(f"1 to {len(pictures)}, n (none is better), s (skip), e (enough) [{left} more]: ")
                sys.stderr.flush()
                line = sys.stdin.readline()
                if not line:
                    return Answer(Word.ENOUGH)
                try:
                    word = line.strip().lower()
                    return answer_named(_SHORT.get(word, word), len(pictures))
                except InvalidInputError as error:
                    sys.stderr.write(f"{error}\n")
