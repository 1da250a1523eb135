"""Names of jobs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from counterprompt.jobs.mistakes import JobFileError
from counterprompt.jobs.read import read_job_file

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Written = Callable[[str], Path]


def names(path: Path) -> list[str]:
    """Read the names of a file's jobs."""
    return [job.name for job in read_job_file(path).jobs]


def test_names_stay_when_jobs_are_added(written: Written) -> None:
    """Of two jobs with the same words each gets signs of its own, whatever their order."""
    before = names(written("jobs: [{prompt: A cat!}, {prompt: a cat, seed: 2}]"))
    after = names(written("jobs: [{prompt: a dog}, {prompt: a cat, seed: 2}, {prompt: A cat!}]"))

    assert set(before) == set(after) - {"a-dog"}
    assert all(re.fullmatch(r"[Aa]-cat-[0-9a-f]{6}", name) for name in before)


def test_an_entry_with_several_generators_names_them(written: Written) -> None:
    """A wish is kept, and the generator told apart."""
    assert ["x-miniature", "x-fake"] == names(written("jobs: [{name: x, prompt: a, generator: [miniature, fake]}]"))


@pytest.mark.parametrize("name", ["../../etc", "/abs", "..", "a/b", "C:\\x", ".", "con:", "-"])
def test_a_name_cannot_leave_its_folder(written: Written, name: str) -> None:
    """A name is one plain folder."""
    (found,) = names(written(f"jobs: [{{name: '{name}', prompt: a}}]"))

    assert re.fullmatch(r"\w[\w-]*", found)


@pytest.mark.parametrize(
    "text",
    [
        "jobs:\n- {name: x, prompt: a}\n- {name: X, prompt: b}",
        "jobs:\n- {prompt: a}\n- {prompt: a}",
        "jobs:\n- {name: x-fake, prompt: a}\n- {prompt: b}\n- {name: x, prompt: a, generator: [fake, fake]}",
    ],
)
def test_two_jobs_of_one_name_are_refused(written: Written, text: str) -> None:
    """The second one is named with its line."""
    with pytest.raises(JobFileError, match=r"line [234]: this job and one of line [1234] would both be called"):
        read_job_file(written(text))
