"""Embeddings: the names in a prompt that stand for a textual inversion file."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from counterprompt.prompts.emphasis import parse_emphasis
from counterprompt.prompts.nodes import EmbeddingName, Text
from counterprompt.prompts.schedules import distinct_stages

_WORD: Final = re.compile(r"'s|'t|'re|'ve|'m|'ll|'d|[^\W\d_]+|\d|(?:_|\\?[^\s\w\\])+", re.IGNORECASE)
"""What CLIP's tokenizer never joins (openai/CLIP simple_tokenizer.py): words, single digits, runs of other signs.

An escaped bracket is the bracket itself.
"""

_Words = tuple[str, ...]


@dataclass(frozen=True)
class EmbeddingUse:
    """One embedding in a prompt."""

    name: str
    """As the file spells it."""
    emphasis: float
    """How strongly it counts; 1 is normal."""


class EmbeddingFinder:
    """Finds names in texts as the WebUI does: token by token, the longest first, whatever the case and the spaces."""

    def __init__(self, names: Iterable[str]) -> None:
        """*names* are those of the files, without their endings."""
        self._names: dict[_Words, str] = {}
        for name in names:
            words = _words_of(name)
            if words:
                self._names.setdefault(words, name)
        self._longest = max(map(len, self._names), default=0)
        self._firsts = {words[0] for words in self._names}

    def cut(self, text: str) -> tuple[Text | EmbeddingName, ...]:
        """Cut *text* at the names in it; rendered the parts give *text* again."""
        words = list(_WORD.finditer(text)) if self._names else []
        parts: list[Text | EmbeddingName] = []
        done = position = 0
        while position < len(words):
            length, name = self._name_at(words, position)
            if length:
                start, end = words[position].start(), words[position + length - 1].end()
                parts += ([Text(text[done:start])] if start > done else []) + [EmbeddingName(name, text[start:end])]
                done = end
            position += length or 1
        return (*parts, Text(text[done:])) if done < len(text) else tuple(parts)

    def _name_at(self, words: list[re.Match[str]], position: int) -> tuple[int, str]:
        if _plain(words[position][0]) not in self._firsts:
            return 0, ""
        found = tuple(_plain(word[0]) for word in words[position : position + self._longest])
        for length in range(len(found), 0, -1):
            name = self._names.get(found[:length])
            if name is not None:
                return length, name
        return 0, ""


def find_embeddings(prompt: str, names: Iterable[str]) -> tuple[EmbeddingUse, ...]:
    """List the embeddings of *prompt* that are among *names*, in order, each with each emphasis once.

    Extra networks are stripped before. Rules: A1111 modules/textual_inversion/textual_inversion.py, on each stretch of
    equal emphasis by itself.

    Raises:
        InvalidInputError: *prompt* is longer than 100,000 characters or grows into too much text.
    """
    finder = EmbeddingFinder(names)
    uses = (
        EmbeddingUse(part.name, emphasis)
        for stage in distinct_stages(prompt)
        for text, emphasis in parse_emphasis(stage)
        for part in finder.cut(text)
        if isinstance(part, EmbeddingName)
    )
    return tuple(dict.fromkeys(uses))


def _words_of(name: str) -> _Words:
    return tuple(_plain(word) for word in _WORD.findall(name))


def _plain(word: str) -> str:
    return word.replace("\\", "").lower()
