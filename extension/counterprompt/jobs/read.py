"""Reads a job file; what is wrong with it is said all at once, each mistake with its line."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from counterprompt.errors import InvalidInputError
from counterprompt.jobs.budgets import pictures_for, with_own_budget
from counterprompt.jobs.generators import BUILT_IN, read_generators
from counterprompt.jobs.job import Job, JobFile, JobGenerator
from counterprompt.jobs.marked_yaml import MOST_BYTES, Marked, MarkedList, MarkedMapping, MarkedText, read_marked
from counterprompt.jobs.mistakes import JobFileError, Mistake
from counterprompt.jobs.names import Named, name_jobs
from counterprompt.jobs.subjects import Entry, find_pictures
from counterprompt.jobs.tables import JOB, SETTINGS, TOP
from counterprompt.jobs.value_readers import read_fields, unknown_name
from counterprompt.places import expanded, is_place, place_of

if TYPE_CHECKING:
    from collections.abc import Mapping

_Fields = dict[str, tuple[int, Any]]


def read_job_file(path: Path) -> JobFile:
    """Read and check the job file at *path*; paths in it start from its folder.

    Raises:
        JobFileError: it holds mistakes.
        InvalidInputError: it cannot be read, or is too long.
    """
    path = expanded(path).absolute()
    mistakes: list[Mistake] = []
    try:
        found = _read_top(read_marked(_read_text(path)), path, mistakes)
    except Mistake as mistake:
        raise JobFileError(path.name, [mistake]) from mistake
    if mistakes:
        raise JobFileError(path.name, mistakes)
    return found


def _read_text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            raise InvalidInputError(f"{path} has more than the {MOST_BYTES} bytes that are read; split it.")
        return content.decode("utf-8-sig")
    except OSError as error:
        raise InvalidInputError(f"The job file {path} cannot be read ({error.strerror}); name another.") from error
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise JobFileError(path.name, [Mistake(line, "this is not UTF-8; save the file as UTF-8")]) from error


def _read_top(value: Marked, path: Path, mistakes: list[Mistake]) -> JobFile:
    fields = read_fields(value, TOP, mistakes)
    parts = {name: part for name, (_, part) in fields.items()}
    generators = read_generators(parts.get("generators"), path.parent, mistakes)
    defaults = read_fields(parts["defaults"], SETTINGS, mistakes) if "defaults" in parts else {}
    jobs = _read_jobs(parts.get("jobs"), mistakes)
    _check_generators(defaults, generators, mistakes)
    found = [
        one
        for entry in jobs
        for one in _expand(entry, with_own_budget(defaults, entry.fields, mistakes), path.parent, generators, mistakes)
    ]
    return JobFile(path, _output(parts.get("output"), path, mistakes), name_jobs(found, mistakes))


def _output(value: Marked | None, path: Path, mistakes: list[Mistake]) -> Path:
    if value is None:
        return path.with_name(f"{path.stem}-studies")
    if not isinstance(value, MarkedText) or not value.text.strip():
        mistakes.append(Mistake(value.line, "output: the name of a folder must stand here"))
        return path.parent
    return place_of(value.text, path.parent)


def _read_jobs(value: Marked | None, mistakes: list[Mistake]) -> list[Entry]:
    if not isinstance(value, MarkedList) or not value.items:
        line = value.line if value is not None else 1
        mistakes.append(Mistake(line, "jobs: a list of jobs must stand here, each beginning with a dash"))
        return []
    return [
        Entry(
            item.line,
            read_fields(item, JOB, mistakes),
            frozenset(key.text for key, _ in item.entries) if isinstance(item, MarkedMapping) else frozenset(),
        )
        for item in value.items
    ]


def _check_generators(fields: _Fields, known: Mapping[str, JobGenerator], mistakes: list[Mistake]) -> None:
    for line, name in fields.get("generator", (0, ()))[1]:
        if name not in known and name not in BUILT_IN:
            mistakes.append(Mistake(line, f"generator: {unknown_name(name, (*known, *BUILT_IN))}"))


def _expand(
    entry: Entry, fields: _Fields, folder: Path, known: Mapping[str, JobGenerator], mistakes: list[Mistake]
) -> list[Named]:
    """Make a job for each picture with each generator."""
    pictures, line = find_pictures(entry, folder, mistakes), entry.line
    _check_generators(entry.fields, known, mistakes)
    if "generator" in fields:
        names = [name for _, name in fields["generator"][1]]
    elif len(known) > 1:
        mistakes.append(Mistake(line, f"say which generator draws, one of {', '.join(known)}"))
        names = []
    else:
        names = list(known) or ["miniature"]
    all_known = {**BUILT_IN, **known}
    return [
        Named(line, fields.get("name", (0, ""))[1], _job(fields, folder, all_known[name], picture), name, len(names))
        for picture in pictures or [""]
        for name in names
        if name in all_known
    ]


def _job(fields: _Fields, folder: Path, generator: JobGenerator, picture: str) -> Job:
    plain = {name: value for name, (_, value) in fields.items()}
    lora = plain.get("lora")
    is_one_range = lora is not None and isinstance(lora[0], float)
    kept = ("prompt", "negative_prompt", "seed", "cfg_scale", "minutes", "search_seeds", "held_out", "steps", "sampler")
    others = (
        "size",
        "search_seed",
        "controls",
        "weights",
        "guards",
        "preference",
        "tag_artifacts",
        "look_again",
        "anti_prompt",
        "schedules",
        "stop_early",
    )
    return Job(
        name="",
        generator=generator,
        picture=picture,
        budget=plain.get("budget") or pictures_for(None, plain.get("preset"), plain.get("minutes")),
        cfg_range=plain.get("cfg"),
        lora_range=lora if is_one_range else None,
        lora_ranges=lora if lora and not is_one_range else (),
        tagger=_place(plain.get("tagger", ""), folder),
        scorer=_place(plain.get("scorer", ""), folder),
        auditor=_place(plain.get("auditor", ""), folder),
        **{name: plain[name] for name in (*kept, *others) if name in plain},
    )


def _place(text: str, folder: Path) -> str:
    """Return the path that *text* names from *folder*, or *text* itself: taggers have names too."""
    path = place_of(text, folder)
    return str(path) if text and is_place(path) else text
