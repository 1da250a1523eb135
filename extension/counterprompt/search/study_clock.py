"""How long a study has run, over all its runs, kept in its folder."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

from counterprompt.errors import InvalidInputError
from counterprompt.search.folder import write_json

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PACE_FILE = "pace.json"
"""What the clock has settled, in the study's folder."""

_SECONDS_BETWEEN_NOTES = 1.0


class StudyClock:
    """How long a study has run, all its runs together, and what was settled by that."""

    def __init__(self, folder: Path, clock: Callable[[], float] = time.monotonic) -> None:
        """Go on where the last run in *folder* was.

        Raises:
            InvalidInputError: what that run noted is damaged.
        """
        self._path = folder / PACE_FILE
        self._clock = clock
        self.picture_s = 1.0
        """Seconds for a picture, as last measured."""
        self._started = clock()
        self._noted_at = self._started
        self._values: dict[str, Any] = {"seconds": 0.0, "picture_s": 1.0}
        try:
            self._values.update(json.loads(self._path.read_text(encoding="utf-8")))
            self._before = float(self._values["seconds"])
            self.picture_s = float(self._values["picture_s"])
        except FileNotFoundError:
            self._before, self.picture_s = 0.0, 1.0
        except (OSError, ValueError, TypeError) as error:
            raise InvalidInputError(
                f"{self._path} is damaged; delete it: the study begins with its whole time."
            ) from error

    @property
    def seconds(self) -> float:
        """How long the study has run."""
        return self._before + self._clock() - self._started

    def settled(self, name: str) -> int | None:
        """Return the number that was settled as *name*, or None."""
        found = self._values.get(name)
        return None if found is None else int(found)

    def settle(self, **numbers: int) -> None:
        """Settle *numbers* once and for all."""
        self._values.update(numbers)
        self._write()

    def note(self) -> None:
        """Note the time that has passed, now and then."""
        if self._clock() - self._noted_at >= _SECONDS_BETWEEN_NOTES:
            self._write()

    def _write(self) -> None:
        self._noted_at = self._clock()
        write_json(self._path, {**self._values, "seconds": round(self.seconds, 1), "picture_s": self.picture_s})
