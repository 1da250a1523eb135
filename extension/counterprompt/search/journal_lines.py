"""The lines of an Optuna journal on disk, safe against programs that are killed while they write."""

from __future__ import annotations

import errno
import json
import os
import sqlite3
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_PATIENCE_S = 30.0

_LONGEST_LINE = 2**20


class JournalLines:
    """Implements Optuna's `BaseJournalBackend`; the file is what `optuna.storages.journal.JournalFileBackend` reads.

    Two things differ from Optuna's own. Its lock is a file that a killed program leaves behind, before Optuna 4.1 for
    ever; this one is a database's, which ends with the program. And nothing is forced onto the disk: a killed program
    loses nothing by that, and after a power cut the trials that are missing are proposed again and find their scores
    in the record.
    """

    def __init__(self, path: Path) -> None:
        """Open the journal at *path*, or make a new one; a last line that was not written to its end is cut off.

        Raises:
            OSError: it cannot be opened or written.
            sqlite3.Error: the lock beside it cannot.
        """
        from optuna.storages.journal import JournalFileBackend

        self._path = path
        with self._alone():
            _drop_torn_line(path)
        self._file = JournalFileBackend(str(path))

    def read_logs(self, log_number_from: int) -> Iterable[dict[str, Any]]:
        """Read the entries from number *log_number_from* on.

        Raises:
            ValueError: the file is damaged.
        """
        return self._file.read_logs(log_number_from)

    def append_logs(self, logs: list[dict[str, Any]]) -> None:
        """Add *logs* as one line each, in a single write.

        Raises:
            OSError: the disk has no room for them; none of them is added then.
        """
        lines = "".join(f"{json.dumps(log, separators=(',', ':'))}\n" for log in logs).encode()
        with self._alone(), self._path.open("ab", buffering=0) as file:
            end = file.seek(0, os.SEEK_END)
            if file.write(lines) < len(lines):  # a part of them would be glued to what follows
                file.truncate(end)
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(self._path))

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Keep other writers out while the `with` block runs; nothing stays open after it."""
        with closing(
            sqlite3.connect(self._path.with_suffix(".lock"), timeout=_PATIENCE_S, isolation_level=None)
        ) as lock:
            lock.execute("BEGIN EXCLUSIVE")
            yield


def _drop_torn_line(path: Path) -> None:
    """Cut off a last line without its end: the next one would be glued to it. Longer ones are nobody's torn line."""
    with path.open("a+b") as file:
        end = file.seek(0, os.SEEK_END)
        tail = min(end, _LONGEST_LINE)
        file.seek(end - tail)
        kept = file.read(tail).rfind(b"\n") + 1
        if kept or tail == end:
            file.truncate(end - tail + kept)
