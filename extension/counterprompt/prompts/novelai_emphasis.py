"""NovelAI's emphasis, translated into the WebUI's (docs.novelai.net, image generation: strengthening and weakening).

`{x}` counts 1.05 times, `[x]` 1/1.05 times, nested ones multiply. Since its fourth generation of models `1.5::x::`
counts 1.5 times, also less than 0; the next weight or `::` ends it, and with it the brackets opened inside. Brackets
that are never closed reach to the end; `::` without a weight ends them too, and alone is text, as round brackets are.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

from counterprompt.prompts.limits import MAX_PROMPT_CHARACTERS
from counterprompt.prompts.weighted_text import render_weighted

BRACKET_FACTOR: Final = 1.05
"""What a pair of curly brackets multiplies by; square ones divide by it."""
_MOST_BRACKETS: Final = 200
_SIGN = re.compile(r"(?<![\w.])-?(?:\d{1,9}\.?\d{0,9}|\.\d{1,9})::|::|\\[()\[\]]|[{}\[\]]")
_BRACKET = re.compile(r"\\[()\[\]]|[{}\[\]]")
_OPENERS = {"}": "{", "]": "["}


def translate_novelai(prompt: str, *, has_numbers: bool = True) -> str:
    r"""Write NovelAI's *prompt* so that the WebUI reads the same weights; one without any brackets stays as it is.

    Brackets that a backslash makes literal in the WebUI, as prompts taken from there have them, stay literal. A prompt
    of more than 100,000 characters stays as it is.

    Args:
        prompt: a prompt or a character's caption.
        has_numbers: whether the model reads `1.5::x::`; models before the fourth generation take it for text.
    """
    if len(prompt) > MAX_PROMPT_CHARACTERS:
        return prompt
    reader = _Reader()
    done = 0
    for sign in (_SIGN if has_numbers else _BRACKET).finditer(prompt):
        reader.add(prompt[done : sign.start()])
        reader.read_sign(sign[0])
        done = sign.end()
    reader.add(prompt[done:])
    return render_weighted(reader.stretches)


class _Reader:
    """Counts what is open; since factors multiply, the order of brackets does not matter."""

    def __init__(self) -> None:
        self.stretches: list[tuple[str, float]] = []
        self._open = Counter[str]()
        """Brackets since the last weight, or since the start."""
        self._around = Counter[str]()
        """Those around the last weight."""
        self._number: float | None = None

    def add(self, text: str) -> None:
        if text:
            steps = sum(count["{"] - count["["] for count in (self._open, self._around))
            factor = BRACKET_FACTOR ** max(-_MOST_BRACKETS, min(steps, _MOST_BRACKETS))
            self.stretches.append((text, factor if self._number is None else factor * self._number))

    def read_sign(self, sign: str) -> None:
        if sign.startswith("\\"):
            self.add(sign[1])
        elif sign in "{[":
            self._open[sign] += 1
        elif sign in _OPENERS:
            self._close(sign)
        elif sign != "::":
            self._start_weight(float(sign[:-2]))
        elif self._number is None and not self._open.total():
            self.add(sign)
        else:
            self._end_weight()

    def _start_weight(self, number: float) -> None:
        if self._number is not None:
            self._end_weight()
        self._around, self._open, self._number = self._open, Counter(), number

    def _close(self, sign: str) -> None:
        """Close the innermost bracket of its kind; a stray one is text."""
        opener = _OPENERS[sign]
        brackets = self._open if self._open[opener] else self._around
        if brackets[opener]:
            brackets[opener] -= 1
        else:
            self.add(sign)

    def _end_weight(self) -> None:
        """End the weight and what was opened inside it; without one, everything."""
        self._open = Counter() if self._number is None else self._around
        self._around, self._number = Counter(), None
