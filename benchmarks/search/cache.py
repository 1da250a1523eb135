"""One SQLite file that remembers every picture's measurement and every finished run, shared by processes."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.search.measurement import Measurement, from_text, to_text

if TYPE_CHECKING:
    from counterprompt.ports import GenerationRequest

_SCHEMA = """
CREATE TABLE IF NOT EXISTS pictures (key BLOB PRIMARY KEY, measurement TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS notes (
    kind TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (kind, name)
) WITHOUT ROWID;
"""
_MANY = 400
"""Keys asked for in one statement; SQLite takes at least 999."""


def request_key(request: GenerationRequest, world: str) -> bytes:
    """Return 32 bytes that stand for *request* drawn by the world of that name."""
    canonical = json.dumps([world, *asdict(request).values()], separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).digest()


class Cache:
    """The file. What is once in it is never drawn or run again."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self._lock = threading.Lock()
        self._connection = sqlite3.connect(path, timeout=120, check_same_thread=False)
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = OFF")
        self._connection.executescript(_SCHEMA)
        self._connection.commit()

    def find(self, keys: Iterable[bytes]) -> dict[bytes, Measurement]:
        """Return the measurements known among *keys*."""
        wanted = list(dict.fromkeys(keys))
        found: dict[bytes, Measurement] = {}
        for start in range(0, len(wanted), _MANY):
            part = wanted[start : start + _MANY]
            marks = ",".join("?" * len(part))
            rows = self._read(f"SELECT key, measurement FROM pictures WHERE key IN ({marks})", part)  # noqa: S608
            found.update((key, from_text(text)) for key, text in rows)
        return found

    def known(self, keys: Iterable[bytes]) -> set[bytes]:
        """Return those of *keys* whose measurement is there."""
        wanted = list(keys)
        found: set[bytes] = set()
        for start in range(0, len(wanted), _MANY):
            part = wanted[start : start + _MANY]
            marks = ",".join("?" * len(part))
            found.update(key for (key,) in self._read(f"SELECT key FROM pictures WHERE key IN ({marks})", part))  # noqa: S608
        return found

    def add(self, measurements: Mapping[bytes, Measurement]) -> None:
        """Remember *measurements*; another process may have been faster, its own stay."""
        rows = [(key, to_text(each)) for key, each in measurements.items()]
        self._write("INSERT OR IGNORE INTO pictures VALUES (?, ?)", rows)

    def count(self) -> int:
        """Count the pictures."""
        return int(self._read("SELECT COUNT(*) FROM pictures")[0][0])

    def note(self, kind: str, name: str, value: Any) -> None:
        """Keep *value*, which JSON knows, in the place of an older one of the same *kind* and *name*."""
        self._write("INSERT OR REPLACE INTO notes VALUES (?, ?, ?)", [(kind, name, json.dumps(value))])

    def noted(self, kind: str, name: str) -> Any | None:
        """Return what `note` kept, or None."""
        rows = self._read("SELECT value FROM notes WHERE kind = ? AND name = ?", (kind, name))
        return json.loads(rows[0][0]) if rows else None

    def all_noted(self, kind: str) -> dict[str, Any]:
        """Return everything of one *kind*, by name."""
        rows = self._read("SELECT name, value FROM notes WHERE kind = ?", (kind,))
        return {name: json.loads(value) for name, value in rows}

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def _read(self, query: str, values: Sequence[Any] = ()) -> list[Any]:
        with self._lock:
            return self._connection.execute(query, values).fetchall()

    def _write(self, statement: str, rows: list[tuple[Any, ...]]) -> None:
        for attempt in range(20):
            try:
                with self._lock, self._connection:
                    self._connection.executemany(statement, rows)
                return
            except sqlite3.OperationalError:  # another process writes longer than the time-out
                if attempt == 19:
                    raise
                time.sleep(0.5)
