"""What a tagger has said so far of a folder's pictures, kept on disk so that a killed run loses one batch at most.

One JSON object a line: first which tagger it was, then one for each picture. A last line that is cut off is ignored.
The whole tags are kept and not the captions, so that a run may go on with other options.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from counterprompt.tags.observed import ObservedTag, ObservedTags, TagCategory
from counterprompt.whole_files import naming_the_remedy

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path
    from typing import BinaryIO

JOURNAL_NAME: Final = ".counterprompt-tags.jsonl"
_SIZE_LIMIT: Final = 1 << 30
_VERSION: Final = 1


class TagJournal:
    """The journal of one folder. What another tagger, or another version of it, has written is forgotten.

    Args:
        folder: where the pictures lie.
        tagger_key: tells taggers and their settings apart.
    """

    def __init__(self, folder: Path, tagger_key: str) -> None:
        self._path = folder / JOURNAL_NAME
        self._header = {"version": _VERSION, "tagger": tagger_key}

    def read(self, pictures: Mapping[str, Path]) -> dict[str, ObservedTags]:
        """Return file name -> tags of those *pictures* that were tagged and have not changed since."""
        found: dict[str, ObservedTags] = {}
        for entry in self._entries():
            path = pictures.get(str(entry.get("name")))
            if path is not None and entry.get("file") == _fingerprint(path):
                with suppress(KeyError, TypeError, ValueError):  # someone has edited it; the picture is tagged again
                    found[path.name] = _tags_of(entry)
        return found

    def append(self, observed: Mapping[str, ObservedTags], pictures: Mapping[str, Path]) -> None:
        """Write the tags of one batch, so that they survive whatever happens next.

        Raises:
            InvalidInputError: the folder cannot be written to.
        """
        lines = [_entry_of(name, pictures[name], tags) for name, tags in observed.items()]
        with (
            naming_the_remedy(self._path, "free some space or choose a folder you may write to"),
            self._path.open("r+b" if self._is_ours() else "w+b") as stream,
        ):
            _cut_torn_line(stream)
            if not stream.tell():
                lines.insert(0, self._header)
            stream.write("".join(json.dumps(line) + "\n" for line in lines).encode())
            stream.flush()
            os.fsync(stream.fileno())

    def remove(self) -> None:
        """Delete it: the captions are written, it has served."""
        self._path.unlink(missing_ok=True)

    def _is_ours(self) -> bool:
        return next(self._lines(), None) == self._header

    def _entries(self) -> Iterator[dict[str, Any]]:
        lines = self._lines()
        return lines if next(lines, None) == self._header else iter(())

    def _lines(self) -> Iterator[dict[str, Any]]:
        try:
            if self._path.stat().st_size > _SIZE_LIMIT:
                return
            with self._path.open("rb") as stream:
                for line in stream:
                    entry = _parsed(line)
                    if entry is not None:
                        yield entry
        except OSError:
            return


def _cut_torn_line(stream: BinaryIO) -> None:
    """Move to the end of the last whole line of *stream* and cut off what follows."""
    end = stream.seek(0, os.SEEK_END)
    start = max(0, end - (1 << 20))
    stream.seek(start)
    whole = stream.read().rfind(b"\n") + 1
    stream.seek(start + whole if whole else 0)
    stream.truncate()


def _parsed(line: bytes) -> dict[str, Any] | None:
    try:
        entry = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return entry if isinstance(entry, dict) and line.endswith(b"\n") else None


def _entry_of(name: str, path: Path, observed: ObservedTags) -> dict[str, Any]:
    tags = [[tag.name, int(tag.category), tag.confidence] for tag in observed.tags]
    return {"name": name, "file": _fingerprint(path), "tags": tags}


def _tags_of(entry: Mapping[str, Any]) -> ObservedTags:
    tags = tuple(ObservedTag(str(name), TagCategory(kind), float(sure)) for name, kind, sure in entry["tags"])
    return ObservedTags(tags, frozenset(tag.name for tag in tags))


def _fingerprint(path: Path) -> list[int]:
    try:
        found = path.stat()
    except OSError:
        return []
    return [found.st_size, found.st_mtime_ns]
