"""How large a prompt may be: pictures and API bodies are hostile until parsed."""

from __future__ import annotations

from typing import Final

from counterprompt.errors import InvalidInputError

MAX_PROMPT_CHARACTERS: Final = 100_000
"""No honest prompt comes near: the longest one in use fills a few kilobytes."""


def refuse_oversized(prompt: str) -> None:
    """Refuse a *prompt* of more than MAX_PROMPT_CHARACTERS characters.

    Raises:
        InvalidInputError: it is longer.
    """
    if len(prompt) > MAX_PROMPT_CHARACTERS:
        raise InvalidInputError(
            f"The prompt has {len(prompt)} characters, more than the {MAX_PROMPT_CHARACTERS} that are read; shorten it."
        )
