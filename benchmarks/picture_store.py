"""Keeps the pictures that a benchmark drew, so that a run that was stopped goes on and another look costs nothing.

A picture is found by everything that made it: its request, the generator's name and the LoRAs that it admits to.
"""

from __future__ import annotations

import io
import json
import sqlite3
from dataclasses import astuple
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from PIL import Image

    from counterprompt.ports import GenerationRequest, ImageGenerator


class PictureStore:
    """Pictures in one SQLite file; several processes may use it at once."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._database = sqlite3.connect(path, timeout=60, isolation_level=None)
        self._database.execute("PRAGMA journal_mode=WAL")
        self._database.execute("CREATE TABLE IF NOT EXISTS pictures (request TEXT PRIMARY KEY, png BLOB NOT NULL)")

    def find(self, key: str) -> Image.Image | None:
        """Open the picture kept under *key*, or return None."""
        from PIL import Image

        row = self._database.execute("SELECT png FROM pictures WHERE request = ?", (key,)).fetchone()
        return Image.open(io.BytesIO(row[0])).convert("RGB") if row else None

    def keep(self, key: str, image: Image.Image) -> None:
        """Keep *image* under *key*."""
        buffer = io.BytesIO()
        image.save(buffer, "PNG", compress_level=1)
        self._database.execute("INSERT OR REPLACE INTO pictures VALUES (?, ?)", (key, buffer.getvalue()))


class StoredGenerator:
    """Implements `ports.ImageGenerator`: draws what *store* does not hold, and admits to the LoRAs in *names* alone."""

    def __init__(self, generator: ImageGenerator, names: frozenset[str], store: PictureStore) -> None:
        self._generator = generator
        self._names = names
        self._store = store
        self.drawn = 0

    @property
    def name(self) -> str:
        """The generator's own."""
        return self._generator.name

    @property
    def batch_size(self) -> int:
        """The generator's own."""
        return self._generator.batch_size

    def generate(self, requests: Sequence[GenerationRequest]) -> list[Image.Image]:
        """Draw what is not in the store."""
        keys = [self._key(request) for request in requests]
        found = {key: self._store.find(key) for key in keys}
        missing = [(key, request) for key, request in zip(keys, requests) if found[key] is None]
        if missing:
            for (key, _), image in zip(missing, self._generator.generate([request for _, request in missing])):
                self._store.keep(key, image)
                found[key] = image
            self.drawn += len(missing)
        return [image for key in keys if (image := found[key]) is not None]

    def lora_names(self) -> frozenset[str]:
        """Say what the case has."""
        return self._names

    def _key(self, request: GenerationRequest) -> str:
        return json.dumps([self.name, sorted(self._names), *astuple(request)])
