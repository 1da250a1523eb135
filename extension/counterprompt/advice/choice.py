"""Which prompt may be used, what for, and what the user does not want in it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Choice(Enum):
    """What to use."""

    EMBEDDED = "embedded"
    """The prompt in the picture."""
    REVERSE = "reverse"
    """The tags of what shows."""
    MERGE = "merge"
    """The embedded prompt corrected by the tags."""


class Goal(Enum):
    """What the user wants to do with the picture."""

    REPRODUCE = "reproduce"
    """The same picture again."""
    ADAPT = "adapt"
    """The same idea, changed."""
    RESTYLE = "restyle"
    """The same content in another style."""
    LEARN = "learn"
    """See what each prompt does."""


@dataclass(frozen=True)
class Wishes:
    """What the user does not want in any prompt."""

    blocked_words: tuple[str, ...] = ()
    """Words or phrases that must not appear."""
    unwanted_styles: tuple[str, ...] = ()
    """Styles to leave out, such as "anime"; synonyms and kinds of them count too."""
