"""The prompts that come of chips moved from one side to the other."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from counterprompt.errors import InvalidInputError
from counterprompt.prompts.emphasis import escape_brackets
from counterprompt.prompts.extra_networks import strip_extra_networks
from counterprompt.prompts.folding import fold_word, fold_words
from counterprompt.prompts.terms import split_segments, split_terms
from counterprompt.webui.tab.chips_page import MOST_CHIPS, is_asked

if TYPE_CHECKING:
    from counterprompt.tags.classes import PromptDiff

_WORD: Final = re.compile(r"[^\W_]+")
_SCHEDULE_SIGNS: Final = frozenset("[]|")
_LONGEST_LIST: Final = 10_000


@dataclass(frozen=True)
class ChosenPrompts:
    """What the chips say."""

    prompt: str
    """Positive prompt."""
    negative_prompt: str
    """Negative prompt."""


def parse_moved(text: str, diff: PromptDiff) -> tuple[int, ...]:
    """Read the numbers of the moved chips, a JSON list from the browser.

    Raises:
        InvalidInputError: it is no list of places in *diff*.
    """
    try:
        numbers = json.loads(text[:_LONGEST_LIST]) if text.strip() else []
    except ValueError as error:
        raise InvalidInputError("The moved tags could not be read; read the picture again.") from error
    shown = range(min(len(diff.entries), MOST_CHIPS))
    if not isinstance(numbers, list) or not all(type(each) is int and each in shown for each in numbers):
        raise InvalidInputError("A moved tag is not of this picture; read the picture again.")
    return tuple(dict.fromkeys(numbers))


def prompts_with_moves(prompt: str, negative_prompt: str, diff: PromptDiff, moved: tuple[int, ...]) -> ChosenPrompts:
    """Return both prompts after the chips *moved* changed sides; every other byte stays.

    A tag that leaves the prompt is taken out of it. One that joins is appended, and taken out of the negative prompt.
    """
    joining = [diff.entries[number] for number in moved if not is_asked(diff.entries[number])]
    for number in moved:
        if is_asked(diff.entries[number]):
            prompt = without_tag(prompt, diff.entries[number].tag)
    for entry in joining:
        if entry.is_negated:
            negative_prompt = without_tag(negative_prompt, entry.tag)
    added = [escape_brackets(entry.tag) for entry in joining]
    if added:
        prompt = ", ".join(part for part in (prompt.rstrip(" ,\n"), *added) if part)
    return ChosenPrompts(prompt, negative_prompt)


def without_tag(prompt: str, tag: str) -> str:
    """Take *tag* out of *prompt*: its segment where that says nothing else, else its words; schedules stay whole."""
    words = fold_words(tag)
    segments = split_segments(prompt)
    kept = [rest for rest in (_rest_of(segment, words) for segment in segments) if rest is not None]
    return prompt if kept == list(segments) else ",".join(kept).strip(" ,\n")


def _rest_of(segment: str, words: tuple[str, ...]) -> str | None:
    """Return *segment* without *words*, unchanged where it does not hold them all, None where nothing is left."""
    terms = [fold_words(term.text) for term in split_terms(segment)]
    if not words or not any(set(words) <= set(term) for term in terms):
        return segment
    if all(sorted(term) == sorted(words) for term in terms) and strip_extra_networks(segment) == segment:
        return None
    if _SCHEDULE_SIGNS & set(segment) or strip_extra_networks(segment) != segment:
        return segment
    rest = _WORD.sub(lambda found: "" if fold_word(found[0].casefold()) in words else found[0], segment)
    rest = re.sub(" {2,}", " ", rest)
    return rest if _WORD.search(rest) else None
