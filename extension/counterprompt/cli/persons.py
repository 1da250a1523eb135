"""Whoever sits at this machine, as somebody who can be asked: on a page, or in the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from counterprompt.cli.choice_server import PagePerson
from counterprompt.cli.opening import open_address
from counterprompt.cli.terminal_person import TerminalPerson
from counterprompt.search.taste.asking_notes import noted_asking
from counterprompt.search.taste.interview import Asking

if TYPE_CHECKING:
    from counterprompt.cli.progress import TerminalProgress
    from counterprompt.search.taste.questions import Person


@contextmanager
def asking_for(
    notes: Mapping[str, str], folder: Path, progress: TerminalProgress, *, terminal: bool, no_open: bool
) -> Iterator[Asking]:
    """Give who is asked in the study of *folder*, by its *notes*, while the `with` block runs.

    Raises:
        InvalidInputError: the notes are damaged.
    """
    questions, weight = noted_asking(notes)
    if not questions:
        yield Asking(weight=weight)
        return
    with person_at(folder, progress, terminal=terminal, no_open=no_open) as person:
        yield Asking(person, questions, weight)


@contextmanager
def person_at(folder: Path, progress: TerminalProgress, *, terminal: bool, no_open: bool) -> Iterator[Person]:
    """Give the person at this machine: in the *terminal*, or on a page, which opens in the browser unless *no_open*."""
    if terminal:
        yield TerminalPerson(folder, progress.paused)
        return
    with PagePerson() as person:
        progress.say(f"You choose here, on this machine only: {person.address}")
        if not no_open:
            open_address(person.address)
        yield person
