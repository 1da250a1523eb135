"""Our own record of what was written into txt2img: hosts forget their fields when the page is loaded again."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from counterprompt.errors import InvalidInputError
from counterprompt.webui.options import DATA_FOLDER
from counterprompt.webui.tab.write_back import written_from_json, written_to_json
from counterprompt.whole_files import naming_the_remedy, replace_text

if TYPE_CHECKING:
    from pathlib import Path

    from counterprompt.webui.tab.write_back import Written

RECORD_FILE: Final = "applied.json"
MOST_STEPS: Final = 20
"""How many write-backs can be undone."""
_LARGEST_FILE: Final = 20_000_000
_one_at_a_time = threading.Lock()
"""Two browsers' clicks change the record one after the other, or one step would be lost."""


@dataclass(frozen=True)
class _Steps:
    """All write-backs that are remembered."""

    written: tuple[Written, ...] = ()
    """The oldest first."""
    undone: int = 0
    """How many of the newest were taken back."""


class AppliedRecord:
    """Remembers the latest write-backs in the data folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def save(self, written: Written) -> None:
        """Remember *written*; what was taken back before is forgotten.

        Raises:
            InvalidInputError: the folder cannot be written.
        """
        with _one_at_a_time:
            try:
                steps = self._read()
            except InvalidInputError:
                steps = _Steps()
            kept = steps.written[: len(steps.written) - steps.undone]
            self._write(_Steps((*kept, written)[-MOST_STEPS:]))

    def load(self) -> Written:
        """Return what "apply again" is for: the oldest of what was taken back, else the last write-back.

        Raises:
            InvalidInputError: there was none, or the record is damaged.
        """
        steps = self._some()
        return steps.written[len(steps.written) - max(1, steps.undone)]

    def undo(self) -> Written:
        """Return the newest write-back that was not taken back yet, and note that it is now.

        Raises:
            InvalidInputError: there is none, or the record is damaged.
        """
        with _one_at_a_time:
            steps = self._some()
            left = len(steps.written) - steps.undone
            if not left:
                raise InvalidInputError(
                    "Everything that was written to txt2img is undone; “Apply again” brings it back."
                )
            self._write(_Steps(steps.written, steps.undone + 1))
            return steps.written[left - 1]

    def redo(self) -> bool:
        """Note that what `load` returned stands in txt2img again; False where nothing had been taken back."""
        with _one_at_a_time:
            steps = self._some()
            if steps.undone:
                self._write(_Steps(steps.written, steps.undone - 1))
            return steps.undone > 0

    def _some(self) -> _Steps:
        steps = self._read()
        if not steps.written:
            raise InvalidInputError("Nothing was written to txt2img yet; write a winner or a prompt first.")
        return steps

    def _read(self) -> _Steps:
        path = self._folder / RECORD_FILE
        try:
            if path.stat().st_size > _LARGEST_FILE:
                raise InvalidInputError(f"{RECORD_FILE} in the data folder is too large to be our record; delete it.")
            return _steps_of(json.loads(path.read_text(encoding="utf-8")))
        except FileNotFoundError:
            return _Steps()
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise InvalidInputError(
                f"{RECORD_FILE} in the data folder is damaged; delete it and write the winner again."
            ) from error

    def _write(self, steps: _Steps) -> None:
        told = {"undone": steps.undone, "steps": [written_to_json(each) for each in steps.written]}
        with naming_the_remedy(*DATA_FOLDER):
            self._folder.mkdir(parents=True, exist_ok=True)
            replace_text(self._folder / RECORD_FILE, json.dumps(told, ensure_ascii=False))


def _steps_of(values: dict[str, Any]) -> _Steps:
    """Read what `_write` wrote, or the one write-back of older records."""
    if "steps" not in values:
        return _Steps((written_from_json(values),))
    steps = tuple(written_from_json(each) for each in values["steps"])
    return _Steps(steps, min(len(steps), max(0, int(values["undone"]))))
