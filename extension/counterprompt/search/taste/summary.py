"""What a person's answers come to, for the report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from counterprompt.search.taste.questions import Purpose, Word

if TYPE_CHECKING:
    from collections.abc import Sequence

    from counterprompt.search.taste.proof import BlindPairs
    from counterprompt.search.taste.questions import Answer, Question


@dataclass(frozen=True)
class TasteSummary:
    """How a person chose among the pictures of a study."""

    picked: int
    """Questions of the search in which a picture was picked."""
    none: int
    """Questions of the search in which none was better than the others."""
    agreed: int
    """How often the picked one was also the score's best."""
    by_chance: float
    """How often it would have been by picking blindly."""
    weight: float
    """How much the answers counted against the score, 0 to 1."""
    pairs: BlindPairs | None = None
    """Winner against the user's settings on fresh seeds; None where that was not asked."""


def summarise(
    answered: Sequence[tuple[Question, Answer]], weight: float, pairs: BlindPairs | None = None
) -> TasteSummary | None:
    """Count what was *answered*; None where nothing was."""
    of_search = [(question, answer) for question, answer in answered if question.purpose is Purpose.SEARCH]
    picked = [(question, answer.picked) for question, answer in of_search if answer.picked is not None]
    none = sum(answer.word is Word.NONE for _, answer in of_search)
    if not (picked or none or pairs):
        return None
    agreed = sum(
        question.options[at].score >= max(option.score for option in question.options) for question, at in picked
    )
    by_chance = sum(1 / len(question.options) for question, _ in picked)
    return TasteSummary(len(picked), none, agreed, by_chance, weight, pairs)
