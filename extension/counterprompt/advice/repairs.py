"""Repairs of an embedded prompt: names of LoRAs as they are here, wrong words replaced or taken out."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING

from counterprompt.advice.inventory import ResourceKind
from counterprompt.advice.resources import ResourceState
from counterprompt.prompts.common_words import GLUE
from counterprompt.prompts.extra_networks import LORA_KINDS, find_extra_networks, strip_extra_networks
from counterprompt.prompts.folding import fold_word, fold_words
from counterprompt.prompts.terms import split_segments, split_terms

if TYPE_CHECKING:
    from collections.abc import Callable

    from counterprompt.advice.case import Case

_WORD = re.compile(r"[^\W_]+")
_SCHEDULE_SIGNS = frozenset("[]|")
_Colours = dict[tuple[str, ...], tuple[str, str]]
"""Folded words of what was asked for, and the colour in it with the one that shows instead."""


def with_local_names(case: Case, prompt: str) -> str:
    """Call each LoRA of *prompt* that is here under another name by that name; every other byte stays."""
    for tag in reversed(find_extra_networks(prompt)):
        found = case.resources.finding(ResourceKind.LORA, tag.name) if tag.kind in LORA_KINDS else None
        if found and found.state is ResourceState.RENAMED and found.file:
            arguments = list(tag.arguments)
            arguments[arguments.index(tag.name)] = found.file.name
            renamed = f"<{tag.kind}:{':'.join(arguments)}>"
            prompt = prompt[: tag.start] + renamed + prompt[tag.start + len(tag.text) :]
    return prompt


def without_networks(case: Case, prompt: str) -> str:
    """Take the LoRAs that are not here out of *prompt*, and a segment that held nothing else with its comma."""
    absent = case.resources.loras_in(ResourceState.MISSING)
    tags = [tag.text for tag in find_extra_networks(prompt) if tag.kind in LORA_KINDS and tag.name in absent]
    kept = []
    for segment in split_segments(prompt):
        rest = segment
        for text in tags:
            rest = rest.replace(text, "")
        if rest == segment or rest.strip():
            kept.append(rest)
    return ",".join(kept)


def without_wrong_words(case: Case, prompt: str) -> str:
    """Put what shows in place of the colour that was asked for, and take out lone words that do not show.

    A colour is replaced only where it says what the picture shows otherwise: "blue eyes" become red, a blue sky stays.
    Segments in which nothing is wrong keep their bytes, and so do schedules.
    """
    colours = {_words_of(one.asked.tag): one.words for one in case.contradictions}
    lone = {words[0] for words in (fold_words(entry.tag) for entry in case.wrong) if len(words) == 1}

    return ",".join(_repaired(segment, colours, lone) for segment in split_segments(prompt))


def _repaired(segment: str, colours: _Colours, lone: set[str]) -> str:
    if _SCHEDULE_SIGNS & set(segment) or strip_extra_networks(segment) != segment:
        return segment
    words = _words_of(segment)
    is_sentence = any(not GLUE.isdisjoint(term.text.casefold().split()) for term in split_terms(segment))
    wrong = {} if is_sentence else {at: "" for at, word in enumerate(words) if word in lone}  # a sentence would limp
    for phrase, (asked, shown) in colours.items():
        for start in range(len(words) - len(phrase) + 1):
            if words[start : start + len(phrase)] == phrase:
                wrong[start + phrase.index(asked)] = shown
    if not wrong:
        return segment
    places = itertools.count()
    mended = _WORD.sub(lambda found: wrong.get(next(places), found[0]), segment)
    return mended if mended == segment else re.sub(" {2,}", " ", mended)


def _words_of(text: str) -> tuple[str, ...]:
    return tuple(fold_word(word.casefold()) for word in _WORD.findall(text))


def without_segments(prompt: str, is_doomed: Callable[[str], bool]) -> str:
    """Leave out the segments whose every term is doomed; the rest keeps its bytes."""
    segments = split_segments(prompt)
    kept = [segment for segment in segments if not _is_all_doomed(segment, is_doomed)]
    return prompt if len(kept) == len(segments) else ",".join(kept).strip(" ,\n")


def _is_all_doomed(segment: str, is_doomed: Callable[[str], bool]) -> bool:
    terms = split_terms(segment)
    return bool(terms) and strip_extra_networks(segment) == segment and all(is_doomed(term.text) for term in terms)
