"""The WebUI's styles file: rows of name, prompt and negative prompt.

As AUTOMATIC1111 1.10 reads and writes it (modules/styles.py): CSV in UTF-8 with a byte order mark, with the columns
`name,prompt,negative_prompt`; very old files call the second `text`. A style's negative prompt is put behind the
user's own, with a comma between them, unless it holds `{prompt}`, where the user's own text then goes.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from counterprompt.errors import InvalidInputError

if TYPE_CHECKING:
    from collections.abc import Sequence

ENCODING: Final = "utf-8-sig"
MOST_CHARACTERS: Final = 20_000_000
"""Longest styles file that is read."""

_COLUMNS: Final = ("name", "prompt", "negative_prompt")


@dataclass(frozen=True)
class StyleRow:
    """One style."""

    name: str
    """As the menu shows it."""
    prompt: str
    """Put behind the user's prompt."""
    negative_prompt: str
    """Put behind the user's negative prompt."""


def parse_styles(text: str) -> tuple[StyleRow, ...]:
    """Read the rows of a styles file, those without a name left out.

    Raises:
        InvalidInputError: it is too long, or no table with a column `name`.
    """
    if len(text) > MOST_CHARACTERS:
        raise InvalidInputError(f"The styles file has more than {MOST_CHARACTERS} characters; name another.")
    try:
        reader = csv.DictReader(io.StringIO(text, newline=""), skipinitialspace=True, strict=False)
        if text.strip() and "name" not in (reader.fieldnames or ()):
            raise InvalidInputError("The styles file has no column called name; name a styles.csv of the WebUI.")
        rows = [{key: value or "" for key, value in row.items() if isinstance(key, str)} for row in reader]
    except csv.Error as error:
        raise InvalidInputError(f"The styles file is damaged ({error}); correct it or name another.") from error
    return tuple(
        StyleRow(row["name"], row.get("prompt", row.get("text", "")), row.get("negative_prompt", ""))
        for row in rows
        if row.get("name")
    )


def render_styles(rows: Sequence[StyleRow]) -> str:
    """Write *rows* as a styles file; encode it with `ENCODING`."""
    sheet = io.StringIO(newline="")
    writer = csv.writer(sheet)
    writer.writerow(_COLUMNS)
    writer.writerows((row.name, row.prompt, row.negative_prompt) for row in rows)
    return sheet.getvalue()


def with_styles(rows: Sequence[StyleRow], added: Sequence[StyleRow], *, replace: bool = False) -> tuple[StyleRow, ...]:
    """Return *rows* with *added* in the place of those of their names, else behind them.

    Raises:
        InvalidInputError: a name is there already with another text, and *replace* is False.
    """
    merged = {row.name: row for row in rows}
    for row in added:
        if merged.get(row.name, row) != row and not replace:
            raise InvalidInputError(f"A style called {row.name!r} is there already; give --replace, or another name.")
        merged[row.name] = row
    return tuple(merged.values())
