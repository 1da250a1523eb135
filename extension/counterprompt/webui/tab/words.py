"""The tab's sentences in the language of the host's page."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

LOCALIZATIONS: Final = Path(__file__).parents[4] / "localizations"
"""The folder that the host reads too: its script translates what stands alone, we what holds names and numbers."""


class Words:
    """English sentences in another language, as far as a table has them."""

    def __init__(self, table: Mapping[str, str] = MappingProxyType({}), language: str = "en") -> None:
        self._table = table
        self.language = language

    def __call__(self, template: str, **values: object) -> str:
        """Return *template* in the page's language, its `{name}`s filled with *values*: plain text, to be escaped."""
        text = self._table.get(template, template)
        for name, value in values.items():
            text = text.replace(f"{{{name}}}", str(value))
        return text


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
