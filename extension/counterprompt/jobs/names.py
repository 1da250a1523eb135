"""Names of jobs: the user's, or made from what a job is about. They are the names of folders too."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import TYPE_CHECKING, Final

from counterprompt.jobs.mistakes import Mistake

if TYPE_CHECKING:
    from collections.abc import Sequence

    from counterprompt.jobs.job import Job

_LONGEST: Final = 48
_UNSAFE: Final = re.compile(r"[^\w-]+")


@dataclass(frozen=True)
class Named:
    """A job that has no name of its own yet."""

    line: int
    """Where it begins in the file."""
    wish: str
    """The name that the user gave it, or ""."""
    job: Job
    """The job."""
    generator: str
    """Name of its generator."""
    generators: int
    """How many generators the same entry names."""


def name_jobs(found: Sequence[Named], mistakes: list[Mistake]) -> tuple[Job, ...]:
    """Give each job a name that is its own, and stays so when other jobs are added to the file.

    A name is made from the user's wish, the picture's or the prompt's first words, and the generator where an entry has
    several; where two would be the same, signs of the job's contents are added.
    """
    entries = Counter((each.line, each.wish) for each in found)
    wanted = [_wanted(each, entries[each.line, each.wish]) for each in found]
    taken = Counter(name.casefold() for name in wanted)
    names = [f"{name}-{_digest(each)}" if taken[name.casefold()] > 1 else name for name, each in zip(wanted, found)]
    _refuse_twins(found, names, mistakes)
    return tuple(replace(each.job, name=name) for each, name in zip(found, names))


def _wanted(each: Named, jobs_of_entry: int) -> str:
    own = _safe(PurePath(each.job.picture).stem or each.job.prompt)
    parts = [_safe(each.wish)] if each.wish else [own]
    if each.wish and jobs_of_entry > each.generators:
        parts.append(own)
    if each.generators > 1:
        parts.append(_safe(each.generator))
    return "-".join(part for part in parts if part) or "job"


def _safe(text: str) -> str:
    return _UNSAFE.sub("-", text.strip())[:_LONGEST].strip("-")


def _digest(each: Named) -> str:
    about = "\n".join((each.job.picture, each.job.prompt, each.job.negative_prompt, each.generator))
    return hashlib.sha256(about.encode("utf-8", "surrogatepass")).hexdigest()[:6]


def _refuse_twins(found: Sequence[Named], names: Sequence[str], mistakes: list[Mistake]) -> None:
    first: dict[str, Named] = {}
    wishes: dict[str, int] = {}
    for each, name in zip(found, names):
        other = first.setdefault(name.casefold(), each)
        line = wishes.setdefault(each.wish.casefold(), each.line) if each.wish else each.line
        if other is not each or line != each.line:
            called, at = each.wish or name, min(line, other.line)
            mistakes.append(
                Mistake(each.line, f"this job and one of line {at} would both be called {called}; name one of them")
            )
