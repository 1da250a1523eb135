"""The durable record of scored pictures: what stands in it is never generated again."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from dataclasses import asdict
from typing import TYPE_CHECKING

from counterprompt.errors import InvalidInputError
from counterprompt.ports import GenerationRequest, Scores
from counterprompt.search.folder import ROOM
from counterprompt.whole_files import naming_the_remedy

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from PIL import Image

KEPT_PICTURE_EDGE = 512
"""Pictures kept for the report are scaled down to this many pixels on their longer side."""

PICTURE_FOLDER = "pictures"
"""Where pictures are kept, below the study folder."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS picture_scores (
    picture_key TEXT PRIMARY KEY,
    scorer TEXT NOT NULL,
    request TEXT NOT NULL,
    scores TEXT NOT NULL
)
"""


def picture_key(request: GenerationRequest, scorer_name: str) -> str:
    """Return the SHA-256, in hexadecimal, of the *request* as canonical JSON together with the scorer's name."""
    # As `asdict` would say it, without its copies: a study asks for thousands of keys between two of its trials.
    canonical = json.dumps([vars(request), scorer_name], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


class ScoreRecord:
    """A table of scores on disk, one row per picture, written in one transaction per scored batch."""

    def __init__(self, folder: Path, scorer_name: str) -> None:
        self._folder = folder
        self._scorer_name = scorer_name
        try:
            self._connection = sqlite3.connect(folder / "scores.sqlite3", timeout=30)
            # Write-ahead logging: a killed program loses nothing, a power cut at most the last pictures.
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute("PRAGMA synchronous = NORMAL")
            self._connection.execute(_SCHEMA)
            self._connection.commit()
        except sqlite3.Error as error:
            raise InvalidInputError(
                f"The score record in {folder} cannot be opened ({error}); check its permissions and free space."
            ) from error

    def find(self, request: GenerationRequest) -> Scores | None:
        """Return what was recorded for *request*, or None where it has not been scored."""
        key = picture_key(request, self._scorer_name)
        row = self._connection.execute("SELECT scores FROM picture_scores WHERE picture_key = ?", (key,)).fetchone()
        return None if row is None else Scores(**json.loads(row[0]))

    def add(self, requests: Sequence[GenerationRequest], scores: Sequence[Scores]) -> None:
        """Record *scores* of *requests*, in order; they survive the program from here on.

        Raises:
            InvalidInputError: they cannot be written; what was recorded before stays.
        """
        rows = [
            (picture_key(request, self._scorer_name), self._scorer_name, json.dumps(asdict(request)), _to_json(each))
            for request, each in zip(requests, scores)
        ]
        try:
            with self._connection:
                self._connection.executemany("INSERT OR REPLACE INTO picture_scores VALUES (?, ?, ?, ?)", rows)
        except sqlite3.Error as error:
            raise InvalidInputError(
                f"The score record in {self._folder} cannot be written ({error}); {ROOM}."
            ) from error

    def count(self) -> int:
        """Count the pictures recorded so far."""
        return int(self._connection.execute("SELECT COUNT(*) FROM picture_scores").fetchone()[0])

    def picture_name(self, request: GenerationRequest) -> str:
        """Say where the picture of *request* is kept, whether or not it is there, relative to the study folder."""
        return f"{PICTURE_FOLDER}/{picture_key(request, self._scorer_name)[:24]}.png"

    def keep_picture(self, request: GenerationRequest, image: Image.Image) -> None:
        """Keep a copy of *image*, at most `KEPT_PICTURE_EDGE` pixels wide and high, for the report.

        Raises:
            InvalidInputError: it cannot be written.
        """
        small = image.copy()
        small.thumbnail((KEPT_PICTURE_EDGE, KEPT_PICTURE_EDGE))
        with naming_the_remedy(f"The folder {self._folder / PICTURE_FOLDER}", ROOM):
            (self._folder / PICTURE_FOLDER).mkdir(exist_ok=True)
            small.save(self._folder / self.picture_name(request))

    def open_picture(self, request: GenerationRequest) -> Image.Image | None:
        """Return the kept picture of *request* in RGB, or None where none is kept or it cannot be read."""
        from PIL import Image

        try:
            with Image.open(self._folder / self.picture_name(request)) as picture:
                return picture.convert("RGB")
        except OSError:
            return None

    def close(self) -> None:
        """Close the table."""
        self._connection.close()


def _to_json(scores: Scores) -> str:
    plain = Scores(scores.aesthetic, scores.fidelity, dict(scores.artifacts), dict(scores.signals), scores.preference)
    return json.dumps(asdict(plain))
