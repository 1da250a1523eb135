"""What a reader says of prompts whose emphasis it put into the WebUI's words."""

from __future__ import annotations

_AS_WRITTEN = "The emphasis is in the WebUI's words; {} wrote the {}: {}"
_SIDES = ("prompt", "negative prompt")


def note_as_written(program: str, written: tuple[str, str], translated: tuple[str, str]) -> tuple[str, ...]:
    """Return a sentence with the original, verbatim, for each of prompt and negative prompt that was translated."""
    return tuple(
        _AS_WRITTEN.format(program, side, before)
        for side, before, after in zip(_SIDES, written, translated)
        if before != after
    )
