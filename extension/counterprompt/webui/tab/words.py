"""The tab's sentences in the language of the host's page."""

from __future__ import annotations

import json
import re
from functools import cached_property, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

LOCALIZATIONS: Final = Path(__file__).parents[4] / "localizations"
"""The folder that the host reads too: its script translates what stands alone, we what holds names and numbers."""

_COMMAND_LINE_SIGNS: Final = ("--", "`", "COUNTERPROMPT_", "run the command", "weights.", "guards.")
"""What a sentence holds that was written for the command line, or for a body of REST."""

_NAME: Final = re.compile(r"\{(\w+)\}")
_LONGEST_SENTENCE: Final = 2000
"""Characters; what is longer is no sentence of ours."""
_SHORTEST_FORM: Final = 20
"""Characters of a key that is recognised by its form: shorter ones would fit by chance."""


class Words:
    """English sentences in another language, as far as a table has them.

    The table's keys may hold `{name}`s: they stand for whatever the sentence says there. That stays as it is, unless
    the table has a word of ours for it, such as "subject: portrait" for what stands at {subject} or {subject_here}.
    """

    def __init__(self, table: Mapping[str, str] = MappingProxyType({}), language: str = "en") -> None:
        self._table = table
        self.language = language

    def __call__(self, template: str, **values: object) -> str:
        """Return *template* in the page's language, its `{name}`s filled with *values*: plain text, to be escaped.

        A sentence that was filled in elsewhere, such as the reason of an advice, is recognised by its form.
        """
        text = self._table.get(template)
        if text is None:
            text = template if values else self._by_form(template)
        return self._filled(text, {name: str(value) for name, value in values.items()})

    def _filled(self, text: str, values: Mapping[str, str]) -> str:
        """Put *values* into *text* in one go: what one of them holds in braces is no place for another."""

        def put_in(place: re.Match[str]) -> str:
            name = place[1]
            if name not in values:
                return place[0]
            return self._table.get(f"{name.partition('_')[0]}: {values[name]}", values[name])

        return _NAME.sub(put_in, text)

    def _by_form(self, sentence: str) -> str:
        if len(sentence) > _LONGEST_SENTENCE:
            return sentence
        if any(sign in sentence for sign in _COMMAND_LINE_SIGNS):
            from counterprompt.webui.tab.tab_words import rephrase  # loaded with the first sentence that needs it

            sentence = rephrase(sentence)
        if sentence in self._table:
            return self._table[sentence]
        for form, text in self._forms:
            found = form.fullmatch(sentence)
            if found:
                return self._filled(text, found.groupdict())
        return sentence

    @cached_property
    def _forms(self) -> list[tuple[re.Pattern[str], str]]:
        """The keys with names as patterns, the most literal ones first."""
        named = sorted((key for key in self._table if _NAME.search(key)), key=lambda key: -len(_NAME.sub("", key)))
        return [(re.compile(_pattern(key), re.DOTALL), self._table[key]) for key in named if len(key) > _SHORTEST_FORM]


def _pattern(key: str) -> str:
    """Turn "by {program}" into a pattern with a group called program."""
    parts = _NAME.split(key)
    return "".join(f"(?P<{part}>.+?)" if place % 2 else re.escape(part) for place, part in enumerate(parts))


ENGLISH: Final = Words()


@lru_cache(maxsize=4)
def load_words(language: str, folder: Path = LOCALIZATIONS) -> Words:
    """Return the words of *language*, a localization's name such as "zh_CN"; English where we have none of it."""
    if not language.replace("_", "").replace("-", "").isalnum():
        return ENGLISH
    try:
        table = json.loads((folder / f"{language}.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return ENGLISH
    return Words(table, language.replace("_", "-"))
