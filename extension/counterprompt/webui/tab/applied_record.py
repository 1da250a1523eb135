"""Our own record of the last write-back: hosts forget their fields when the page is loaded again."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from counterprompt.errors import InvalidInputError
from counterprompt.webui.tab.write_back import written_from_json, written_to_json
from counterprompt.whole_files import naming_the_remedy, replace_text

if TYPE_CHECKING:
    from pathlib import Path

    from counterprompt.webui.tab.write_back import Written

RECORD_FILE: Final = "applied.json"
_LARGEST_FILE: Final = 2_000_000


class AppliedRecord:
    """Remembers one write-back in the data folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def save(self, written: Written) -> None:
        """Remember *written* instead of the last one.

        Raises:
            InvalidInputError: the folder cannot be written.
        """
        with naming_the_remedy(f"The folder {self._folder}", "set COUNTERPROMPT_DATA to another"):
            self._folder.mkdir(parents=True, exist_ok=True)
            replace_text(self._folder / RECORD_FILE, json.dumps(written_to_json(written), ensure_ascii=False))

    def load(self) -> Written:
        """Return the last write-back.

        Raises:
            InvalidInputError: there was none, or the record is damaged.
        """
        path = self._folder / RECORD_FILE
        try:
            if path.stat().st_size > _LARGEST_FILE:
                raise InvalidInputError(f"{path} is too large to be our record; delete it.")
            values = json.loads(path.read_text(encoding="utf-8"))
        except OSError as error:
            raise InvalidInputError("Nothing was written to txt2img yet; write a winner or a prompt first.") from error
        except ValueError as error:
            raise InvalidInputError(f"{path} is damaged; delete it and write the winner again.") from error
        if not isinstance(values, dict):
            raise InvalidInputError(f"{path} is damaged; delete it and write the winner again.")
        return written_from_json(values)
