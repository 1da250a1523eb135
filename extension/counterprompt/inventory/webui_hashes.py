"""The hashes that a WebUI has computed already, read from its own cache without running anything of it."""

from __future__ import annotations

import json
import pickletools
import re
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from counterprompt.advice.hashes import HashKind
from counterprompt.advice.inventory import ResourceKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from counterprompt.inventory.places import FoundFile

_SECTIONS: Final = {"hashes": HashKind.SHA256, "hashes-addnet": HashKind.AUTOV3}
"""Section of the cache to what it holds."""
_TITLES: Final = {
    ResourceKind.CHECKPOINT: "checkpoint",
    ResourceKind.LORA: "lora",
    ResourceKind.EMBEDDING: "textual_inversion",
    ResourceKind.HYPERNETWORK: "hypernet",
}
"""What stands before a file's name; all VAEs share one title there, so theirs are of no use."""
_LARGEST_CACHE: Final = 64 * 2**20
_MOST_ENTRIES: Final = 200_000
_LARGEST_ENTRY: Final = 4096
_ROUNDING_S: Final = 1e-5
"""Python rounds the seconds of a file's time in another way than its nanoseconds divided."""
_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class WebuiHashes:
    """The hashes of one WebUI."""

    entries: dict[tuple[str, HashKind], tuple[float, str]]
    """Title and kind to time of change, in seconds since 1970, and digest."""

    def digest(self, file: FoundFile, kind: HashKind) -> str:
        """Return the digest of *file*, "" where the WebUI has none or the file changed since (A1111's own rule)."""
        folder = _TITLES.get(file.kind)
        name = file.relative if file.kind is ResourceKind.CHECKPOINT else file.path.stem
        mtime, digest = self.entries.get((f"{folder}/{name}", kind), (0.0, ""))
        return digest if file.mtime_ns / 1e9 <= mtime + _ROUNDING_S else ""


def read_webui_hashes(root: Path) -> WebuiHashes:
    """Read `cache.json` and the newer `cache/hashes*/cache.db` of the WebUI in *root*; what is broken is left out."""
    entries: dict[tuple[str, HashKind], tuple[float, str]] = {}
    parsed = _parse_file(root / "cache.json")
    for section, kind in _SECTIONS.items():
        old = parsed.get(section) if isinstance(parsed, dict) else None
        for title, entry in old.items() if isinstance(old, dict) else ():
            _keep(entries, str(title), kind, entry)
        for title, entry in _read_database(root / "cache" / section / "cache.db"):
            _keep(entries, title, kind, entry)
    return WebuiHashes(entries)


def _keep(entries: dict[tuple[str, HashKind], tuple[float, str]], title: str, kind: HashKind, entry: Any) -> None:
    """Keep one entry; Windows writes the folders of a title with backslashes."""
    if not isinstance(entry, dict) or len(entries) >= _MOST_ENTRIES:
        return
    mtime, digest = entry.get("mtime"), entry.get("sha256")
    if isinstance(mtime, (int, float)) and isinstance(digest, str) and _DIGEST.fullmatch(digest):
        entries[title.replace("\\", "/"), kind] = (float(mtime), digest)


def _parse_file(path: Path) -> Any:
    try:
        # Whole numbers are read as others, for one of 400 digits can never become one.
        return json.loads(path.read_bytes(), parse_int=float) if path.stat().st_size <= _LARGEST_CACHE else None
    except (OSError, ValueError, RecursionError):
        return None


def _read_database(path: Path) -> Iterator[tuple[str, Any]]:
    """Read a diskcache database: table Cache with key, and value as a pickle (mode 4)."""
    query = "SELECT key, value FROM Cache WHERE mode = 4 AND length(value) <= ? LIMIT ?"
    if not path.is_file():
        return
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=5)) as connection:
            rows = connection.execute(query, (_LARGEST_ENTRY, _MOST_ENTRIES)).fetchall()
    except (sqlite3.Error, ValueError):
        return
    for key, value in rows:
        if isinstance(key, str) and isinstance(value, bytes):
            yield key, _read_pair(value)


def _read_pair(pickled: bytes) -> dict[str, Any]:
    """Read {"mtime": number, "sha256": text} off the opcodes of a pickle; nothing is unpickled."""
    found: dict[str, Any] = {}
    key = ""
    try:
        for _, argument, _ in pickletools.genops(pickled):
            if key and isinstance(argument, (str, float)):
                found[key] = argument
                key = ""
            elif argument in ("mtime", "sha256"):
                key = str(argument)
    except Exception:  # pickletools raises many kinds on broken pickles
        return {}
    return found
