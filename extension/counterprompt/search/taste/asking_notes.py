"""What a study's notes keep of who is asked in it, so that it goes on asking when it is resumed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from counterprompt.errors import InvalidInputError

if TYPE_CHECKING:
    from collections.abc import Mapping

CHOOSE: Final = "choose"
"""Under which name the number of questions is kept."""
TASTE_WEIGHT: Final = "taste_weight"
"""Under which name is kept how much the answers count."""


def asking_notes(questions: int, weight: float | None = None) -> dict[str, str]:
    """Return what a resumed study needs to go on asking; nothing where nobody is asked."""
    noted = {CHOOSE: str(questions)} if questions else {}
    return noted if weight is None else {**noted, TASTE_WEIGHT: f"{weight:g}"}


def noted_asking(notes: Mapping[str, str]) -> tuple[int, float | None]:
    """Return the number of questions and the weight of their answers, None for the usual one.

    Raises:
        InvalidInputError: the notes are damaged.
    """
    try:
        return int(notes.get(CHOOSE, "0")), float(notes[TASTE_WEIGHT]) if TASTE_WEIGHT in notes else None
    except ValueError as error:
        raise InvalidInputError("The study's notes on your choices are damaged; start a new study.") from error
