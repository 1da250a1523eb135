"""The study folder: one folder holds everything of one study, and is all that is needed to resume it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from counterprompt.errors import InvalidInputError
from counterprompt.search.plan_json import plan_from_json, plan_to_json
from counterprompt.whole_files import naming_the_remedy, replace_text

if TYPE_CHECKING:
    from pathlib import Path

    from counterprompt.search.plan import StudyPlan

PLAN_FILE = "plan.json"
TRIALS_FILE = "trials.journal"
OUTCOME_FILE = "outcome.json"
LOCK_FILE = "lock.sqlite3"

ROOM = "free some space or correct its permissions, then resume: no score is lost"
"""What to do where a file of a study cannot be written."""

_LARGEST_FILE = 100_000_000


def create_folder(folder: Path, plan: StudyPlan, scorer_name: str) -> None:
    """Make *folder* a study folder for *plan*; where it is one already, its plan and scorer must be the same.

    Raises:
        InvalidInputError: another study lives there, or the folder cannot be written.
    """
    if (folder / PLAN_FILE).exists():
        if load_plan(folder) != plan:
            raise InvalidInputError(f"The folder {folder} holds another study; resume that one or name a new folder.")
        recorded = scorer_of(folder)
        if recorded != scorer_name:
            raise InvalidInputError(
                f"The study in {folder} was scored by {recorded}, not {scorer_name}; use the same scorer."
            )
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_json(folder / PLAN_FILE, {**plan_to_json(plan), "scorer": scorer_name})
    except OSError as error:
        raise InvalidInputError(
            f"The study folder {folder} cannot be written ({error}); name another folder."
        ) from error


@contextmanager
def hold_folder(folder: Path) -> Iterator[None]:
    """Keep other programs out of the study in *folder* while the `with` block runs.

    The lock is a database's own, so it ends with the program that holds it, however that ends.

    Raises:
        InvalidInputError: another program is running the study, or its folder cannot be written.
    """
    lock = None
    try:
        lock = sqlite3.connect(folder / LOCK_FILE, timeout=0.2, isolation_level=None)
        lock.execute("BEGIN EXCLUSIVE")
    except sqlite3.Error as error:
        if lock is not None:
            lock.close()
        if "locked" not in str(error):
            raise InvalidInputError(f"The study folder {folder} cannot be written ({error}); {ROOM}.") from error
        raise InvalidInputError(
            f"The study in {folder} is running already; stop it there or wait for its end."
        ) from error
    try:
        yield
    finally:
        lock.close()


def load_plan(folder: Path) -> StudyPlan:
    """Read the plan of the study in *folder*.

    Raises:
        InvalidInputError: no study lives there, or its plan is damaged.
    """
    return plan_from_json(read_json(folder / PLAN_FILE))


def scorer_of(folder: Path) -> str:
    """Name the scorer of the study in *folder*; "" where its plan does not say.

    Raises:
        InvalidInputError: no study lives there, or its plan is damaged.
    """
    return str(read_json(folder / PLAN_FILE).get("scorer", ""))


def load_outcome(folder: Path) -> dict[str, Any] | None:
    """Read the outcome of the study in *folder*, as `Outcome.to_json` gave it, or None where it has not ended."""
    return read_json(folder / OUTCOME_FILE) if (folder / OUTCOME_FILE).exists() else None


def write_json(path: Path, values: dict[str, Any]) -> None:
    """Write *values* to *path* in one step: a reader sees the old file or the whole new one.

    Raises:
        InvalidInputError: it cannot be written.
    """
    with naming_the_remedy(f"The file {path}", ROOM):
        replace_text(path, json.dumps(values, indent=1, ensure_ascii=False))


def read_json(path: Path) -> dict[str, Any]:
    """Read a JSON object from the file *path* of a study folder.

    Raises:
        InvalidInputError: it is not there, is damaged or holds something else.
    """
    try:
        if path.stat().st_size > _LARGEST_FILE:
            raise InvalidInputError(f"{path} is too large to be a study's file; restore it or start a new study.")
        values = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InvalidInputError(f"There is no study in {path.parent}; name the folder that `tune` printed.") from error
    except ValueError as error:
        raise InvalidInputError(f"{path} is damaged; restore it or start a new study.") from error
    if not isinstance(values, dict):
        raise InvalidInputError(f"{path} is damaged; restore it or start a new study.")
    return values
