"""The generators of a job file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from counterprompt.jobs.job import JobGenerator
from counterprompt.jobs.marked_yaml import Marked, MarkedMapping
from counterprompt.jobs.mistakes import Mistake
from counterprompt.jobs.tables import GENERATOR
from counterprompt.jobs.value_readers import read_fields, unknown_name
from counterprompt.places import is_place, place_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

BUILT_IN: Final = {"miniature": JobGenerator("miniature"), "fake": JobGenerator("fake")}
"""Generators that every job file may name without describing them."""

_BELONGS: Final = {
    "miniature": (),
    "fake": (),
    "webui": ("url", "auth_variable"),
    "diffusers": ("checkpoint", "lora_folder"),
}
"""Kind of generator to what it may say besides its kind."""


def read_generators(value: Marked | None, folder: Path, mistakes: list[Mistake]) -> dict[str, JobGenerator]:
    """Read the mapping of names to generators, whose paths start from *folder*; gather what is wrong."""
    if value is None:
        return {}
    if not isinstance(value, MarkedMapping):
        mistakes.append(Mistake(value.line, "generators: names with values must stand here"))
        return {}
    return {key.text: _read_generator(item, folder, mistakes) for key, item in value.entries}


def _read_generator(value: Marked, folder: Path, mistakes: list[Mistake]) -> JobGenerator:
    fields = read_fields(value, GENERATOR, mistakes)
    line, kind = fields.pop("kind", (value.line, "webui" if "url" in fields else ""))
    if kind not in _BELONGS:
        mistakes.append(Mistake(line, f"kind: {unknown_name(kind, tuple(_BELONGS))}"))
        return JobGenerator()
    for name, (at, _) in fields.items():
        if name not in _BELONGS[kind]:
            mistakes.append(Mistake(at, f"{name} does not go with the kind {kind}; leave it out"))
    needed = {"webui": "url", "diffusers": "checkpoint"}.get(kind)
    if needed and needed not in fields:
        mistakes.append(Mistake(value.line, f"a generator of the kind {kind} needs a {needed}"))
    return JobGenerator(
        kind,
        _urls(fields, mistakes),
        fields.get("auth_variable", (0, ""))[1],
        _path("checkpoint", fields, folder, mistakes),
        _path("lora_folder", fields, folder, mistakes),
    )


def _urls(fields: Mapping[str, tuple[int, Any]], mistakes: list[Mistake]) -> tuple[str, ...]:
    _, urls = fields.get("url", (0, ()))
    for line, url in urls:
        if not _is_address(url):
            mistakes.append(Mistake(line, f"url: {url[:80]!r} is no address such as http://127.0.0.1:7860"))
    return tuple(url for _, url in urls)


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and not any(map(str.isspace, url))


def _path(name: str, fields: Mapping[str, tuple[int, Any]], folder: Path, mistakes: list[Mistake]) -> str:
    if name not in fields:
        return ""
    line, text = fields[name]
    path = place_of(text, folder)
    if not is_place(path):
        mistakes.append(Mistake(line, f"{name}: there is no {path}"))
    return str(path)
