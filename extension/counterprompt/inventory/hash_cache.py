"""What was once computed or read of a model file, kept until the file changes."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from counterprompt.inventory.places import FoundFile

_TABLE: Final = (
    "CREATE TABLE IF NOT EXISTS facts (path TEXT, fact TEXT, size INTEGER, mtime_ns INTEGER, text TEXT,"
    " PRIMARY KEY (path, fact))"
)


class HashCache:
    """Facts about files in one SQLite file, by path, size and time of change; use it in a `with` statement.

    A cache that cannot be opened or written is replaced by one in memory: it costs time, never the answer.
    """

    def __init__(self, path: Path | None) -> None:
        self._connection = _open(path)

    def __enter__(self) -> HashCache:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def get(self, file: FoundFile, fact: str) -> str | None:
        """Return the *fact* of *file*, or None where it is not known or the file changed since."""
        where = (str(file.path), fact, file.size, file.mtime_ns)
        query = "SELECT text FROM facts WHERE path = ? AND fact = ? AND size = ? AND mtime_ns = ?"
        try:
            row = self._connection.execute(query, where).fetchone()
        except (sqlite3.Error, UnicodeEncodeError):
            return None
        return row[0] if row and isinstance(row[0], str) else None

    def put(self, file: FoundFile, fact: str, text: str) -> None:
        """Keep the *fact* of *file*."""
        row = (str(file.path), fact, file.size, file.mtime_ns, text)
        try:
            with self._connection:
                self._connection.execute("INSERT OR REPLACE INTO facts VALUES (?, ?, ?, ?, ?)", row)
        except (sqlite3.Error, UnicodeEncodeError):
            return


def _open(path: Path | None) -> sqlite3.Connection:
    if path is not None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            connection = sqlite3.connect(path, timeout=5)
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=NORMAL")
            connection.execute(_TABLE)
        except (sqlite3.Error, OSError):
            pass
        else:
            return connection
    connection = sqlite3.connect(":memory:")
    connection.execute(_TABLE)
    return connection
