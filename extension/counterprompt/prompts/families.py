"""Model families and the words that only one of them learned."""

from __future__ import annotations

import re
from enum import Enum
from typing import Final

from counterprompt.prompts.folding import fold


class ModelFamily(Enum):
    """Which base a checkpoint descends from."""

    SD15 = "SD 1.5"
    SDXL = "SDXL"
    PONY = "Pony"
    """SDXL trained anew on score tags."""
    ILLUSTRIOUS = "Illustrious"
    """SDXL trained anew on booru tags, NoobAI included."""
    FLUX = "Flux"
    """Distilled: the negative prompt is mute."""
    UNKNOWN = "unknown"


_SCORE_TAG = re.compile(r"score [0-9](?: up)?(?: [0-9])*(?: up)?")
_PONY_WORDS: Final = frozenset(
    {
        *(f"source {name}" for name in ("anime", "cartoon", "furry", "pony", "filmmaker", "real")),
        *(f"rating {name}" for name in ("safe", "questionable", "explicit")),
        "pony style",
    }
)
_ILLUSTRIOUS_WORDS: Final = frozenset({"very awa", "newest", "very aesthetic", "displeasing", "very displeasing"})


def family_of_term(text: str) -> ModelFamily:
    """Name the family that alone knows the term *text* ("score_9" -> PONY), or UNKNOWN for everybody's words."""
    folded = fold(text)
    if folded in _PONY_WORDS or _SCORE_TAG.fullmatch(folded):
        return ModelFamily.PONY
    return ModelFamily.ILLUSTRIOUS if folded in _ILLUSTRIOUS_WORDS else ModelFamily.UNKNOWN


def is_foreign(text: str, family: ModelFamily) -> bool:
    """Whether the term *text* belongs to a family other than *family*; False where either is unknown."""
    own = family_of_term(text)
    return ModelFamily.UNKNOWN not in (own, family) and own is not family
