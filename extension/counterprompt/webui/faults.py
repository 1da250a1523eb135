"""Our own faults: shown where the user looks, told once in the console, and never the host's."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from counterprompt.errors import CounterpromptError

if TYPE_CHECKING:
    from collections.abc import Iterator

_told: set[str] = set()


def describe_fault(error: Exception) -> str:
    """Put *error* into a sentence for the user, and tell the console once how it came about if it is our fault."""
    if isinstance(error, CounterpromptError):
        _tell_once(str(error), has_trace=False)
        return str(error)
    said = f"{type(error).__name__}: {' '.join(str(error).split())[:300]}"
    _tell_once(said, has_trace=True)
    return f"It broke inside ({said}); generation goes on without it. Please report it with what the console says."


@contextmanager
def faults_shown_on(p: Any, what: str) -> Iterator[None]:
    """Let a generation go on whatever happens in the `with` block; the user reads of it under the picture."""
    try:
        yield
    except Exception as error:
        p.comment(f"Counterprompt, {what}: {describe_fault(error)}")


def _tell_once(said: str, *, has_trace: bool) -> None:
    if said in _told:
        return
    _told.add(said)
    from modules import errors

    errors.report(f"Counterprompt: {said}", exc_info=has_trace)
