"""What a job is about: its pictures, found, or its prompt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from counterprompt.jobs.mistakes import Mistake
from counterprompt.places import is_place, place_of

if TYPE_CHECKING:
    from pathlib import Path

MOST_PICTURES: Final = 10_000
"""Pictures of one pattern."""

_OF_A_PROMPT: Final = ("negative_prompt", "seed", "cfg_scale")


@dataclass(frozen=True)
class Entry:
    """One entry of the list of jobs."""

    line: int
    """Where it begins."""
    fields: dict[str, tuple[int, Any]]
    """Name to line and value, of all that could be read."""
    names: frozenset[str]
    """All names in it, those whose value is no good too."""


def find_pictures(entry: Entry, folder: Path, mistakes: list[Mistake]) -> tuple[str, ...]:
    """List the pictures of *entry*, whose paths start from *folder*; none where it has a prompt.

    `*` and `?` in a path stand for any signs, as in a shell; what matches comes in the order of names.
    """
    given = [name for name in ("picture", "pictures", "prompt") if name in entry.names]
    if len(given) != 1:
        said = f"has {' and '.join(given)}" if given else "has neither a picture nor a prompt"
        mistakes.append(Mistake(entry.line, f"this job {said}; give it one of picture, pictures or prompt"))
        return ()
    if given == ["prompt"] or given[0] not in entry.fields:
        return ()
    for name in _OF_A_PROMPT:
        if name in entry.fields:
            mistakes.append(Mistake(entry.fields[name][0], f"{name} goes with a prompt; a picture brings its own"))
    at, value = entry.fields[given[0]]
    patterns = ((at, value),) if given == ["picture"] else value
    return tuple(path for place, pattern in patterns for path in _match(pattern, place, folder, mistakes))


def _match(pattern: str, line: int, folder: Path, mistakes: list[Mistake]) -> list[str]:
    path = place_of(pattern, folder)
    if is_place(path, is_file=True):
        return [str(path)]
    found = (
        sorted(str(each) for each in _glob(path) if is_place(each, is_file=True)) if set("*?") & set(pattern) else []
    )
    if not found:
        mistakes.append(Mistake(line, f"there is no picture {path}"))
    if len(found) > MOST_PICTURES:
        mistakes.append(Mistake(line, f"{pattern} stands for more than {MOST_PICTURES} pictures; name fewer"))
    return found[:MOST_PICTURES]


def _glob(path: Path) -> list[Path]:
    signs = str(path.relative_to(path.anchor)).replace("[", "[[]")  # square brackets are a folder's own
    try:
        return list(type(path)(path.anchor).glob(signs))
    except (ValueError, NotImplementedError, OSError):
        return []
