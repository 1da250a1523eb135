"""The question which picture is best, as HTML, and the answer that comes back."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from counterprompt.errors import InvalidInputError
from counterprompt.report.chips import shown_text
from counterprompt.webui.tab.pieces import say
from counterprompt.webui.tab.shown_pictures import shown_picture

if TYPE_CHECKING:
    from pathlib import Path

    from counterprompt.webui.study_person import OpenQuestion
    from counterprompt.webui.tab.words import Words

_LONGEST_ANSWER: Final = 200


def render_choice(question: OpenQuestion, folder: Path, words: Words) -> str:
    """Render *question* with its pictures as buttons; nothing but its place tells one from another."""
    lead = _lead(question.left, words)
    if question.is_proof:
        lead = f"{words('One is your own settings, one the best candidate.')} {lead}"
    pictures = "".join(_picture(at, name, folder, words) for at, name in enumerate(question.pictures, 1))
    answers = (("none", "None is better"), ("skip", "Skip"), ("enough", "Enough, go on without me"))
    others = "".join(
        f'<button type="button" class="cp-plain" data-cp-answer="{answer}">{say(words, label)}</button>'
        for answer, label in answers
    )
    return (
        f'<section class="cp-choice" data-cp-question="{shown_text(question.key)}" '
        f'aria-labelledby="counterprompt-choice"><h3 id="counterprompt-choice">'
        f'{say(words, "Which is best?")}</h3><p class="cp-hint">{shown_text(lead)}</p>'
        f'<div class="cp-options">{pictures}</div><div class="cp-words">{others}</div></section>'
    )


def _lead(left: int, words: Words) -> str:
    if not left:
        return words("All have the same seed. The study waits for you; this is the last question of this round.")
    return words(
        "All have the same seed. The study waits for you; after this, at most {left} more in this round.", left=left
    )


def read_answer(told: object) -> tuple[str, str]:
    """Read key and answer, a JSON object from our script.

    Raises:
        InvalidInputError: it is none.
    """
    try:
        values = json.loads(str(told or "")[:_LONGEST_ANSWER])
        return str(values["key"]), str(values["answer"])
    except (ValueError, KeyError, TypeError) as error:
        raise InvalidInputError("The answer could not be read; click a picture again.") from error


def _picture(at: int, name: str, folder: Path, words: Words) -> str:
    image = shown_picture(folder, name, words("Picture {number}", number=at))
    return f'<button type="button" data-cp-answer="{at}">{image}<span aria-hidden="true">{at}</span></button>'
