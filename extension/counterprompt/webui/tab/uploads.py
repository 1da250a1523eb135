"""What a browser may call its upload: gradio 3 would read any file of the server that a client names."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from counterprompt.errors import InvalidInputError


def guarded(preprocess: Callable[[Any], Any], folders: tuple[str | Path, ...] = ()) -> Callable[[Any], Any]:
    """Return *preprocess* of an upload field, which refuses files outside the temporary folder and *folders*.

    gradio 4 checks that by itself and gives no plain dictionaries.
    """
    allowed = tuple(Path(folder).resolve() for folder in (tempfile.gettempdir(), *folders))

    def checked(payload: Any) -> Any:
        for each in payload if isinstance(payload, list) else [payload]:
            if isinstance(each, dict) and each.get("is_file"):
                refuse_foreign(each.get("name"), allowed)
        return preprocess(payload)

    return checked


def refuse_foreign(name: object, allowed: tuple[Path, ...]) -> None:
    """Refuse a path outside the *allowed* folders, links followed.

    Raises:
        InvalidInputError: it lies outside, or is no path.
    """
    try:
        path = Path(str(name)).resolve()
    except (OSError, ValueError) as error:
        raise InvalidInputError("The upload has no usable name; drop the picture again.") from error
    if not any(path.is_relative_to(folder) for folder in allowed):
        raise InvalidInputError("The upload lies outside the temporary folder; drop the picture again.")
