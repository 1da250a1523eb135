"""Wording the advice: the prompt and the negative prompt of each choice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from counterprompt.advice.choice import Goal
from counterprompt.advice.repairs import with_local_names, without_networks, without_segments, without_wrong_words
from counterprompt.advice.resources import ResourceState
from counterprompt.advice.rules import MOST_TERMS
from counterprompt.negative.compose import compose_negative
from counterprompt.negative.evidence import dynamic_layer
from counterprompt.negative.layers import NegativeLayer
from counterprompt.negative.subject import layers_for, medium_of, subject_of
from counterprompt.prompts.comments import end_comment
from counterprompt.prompts.emphasis import escape_brackets
from counterprompt.prompts.extra_networks import LORA_KINDS, ExtraNetwork, find_extra_networks
from counterprompt.prompts.families import ModelFamily
from counterprompt.prompts.folding import fold_words
from counterprompt.prompts.terms import split_segments, split_terms
from counterprompt.tags.classes import DiffClass

if TYPE_CHECKING:
    from collections.abc import Iterable

    from counterprompt.advice.case import Case
    from counterprompt.tags.classes import DiffEntry

MOST_TAGS: Final = 30
"""Tags of a reverse prompt, and segments of a distilled one."""
_ADDED_TAGS: Final = 10
_MOST_NEGATIVE_TERMS: Final = 15
_USUAL_CFG_SCALE: Final = 7.0


def embedded_prompt(case: Case) -> str:
    """Return the embedded prompt, byte for byte unless it holds blocked words or LoRAs that have another name here."""
    return with_local_names(case, without_segments(case.params.prompt, case.is_blocked))


def reverse_prompt(case: Case) -> str:
    """Write the tags that show, asked ones first, and the LoRAs that are here unless the goal is another style."""
    tags = [escape_brackets(entry.tag) for entry in case.shown if not _is_unwelcome(case, entry.tag)][:MOST_TAGS]
    loras = [] if case.goal is Goal.RESTYLE else [tag.text for tag in _usable_loras(case)]
    return with_local_names(case, ", ".join((*tags, *loras)))


def merged_prompt(case: Case) -> str:
    """Write the embedded prompt in the words of the family here, without what is wrong, blocked, missing or too much.

    What shows and is not asked for is added.
    """
    prompt = without_networks(case, case.translation.prompt)
    kept = without_segments(prompt, lambda text: _is_unwelcome(case, text) or _is_contradicted(case, text))
    kept = without_wrong_words(case, kept)
    if len(split_terms(kept)) > MOST_TERMS:
        kept = _distilled(case, kept)
    named = {word for term in split_terms(kept) for word in fold_words(term.text)}
    unasked = (entry.tag for entry in case.unasked if not named.issuperset(fold_words(entry.tag)))
    added = [escape_brackets(tag) for tag in unasked if not _is_unwelcome(case, tag)][:_ADDED_TAGS]
    kept = kept.strip(" ,\n")
    parts = (end_comment(kept) if added else kept, *added)
    return with_local_names(case, ", ".join(part for part in parts if part))


def embedded_negative(case: Case) -> str:
    """Return the embedded negative prompt, byte for byte."""
    return case.params.negative_prompt


def layered_negative(case: Case, prompt: str) -> str:
    """Compose a negative prompt from the layers *prompt* calls for and what the picture gets wrong; none for Flux."""
    if case.resources.family is ModelFamily.FLUX:
        return ""
    layers = (*layers_for(subject_of(prompt), medium_of(prompt)), dynamic_layer(case.diff))
    return _composed(case, layers, prompt)


def merged_negative(case: Case, prompt: str) -> str:
    """Write the embedded negative prompt with unexpected defects added; one that is too long loses its last terms."""
    own = case.translation.negative_prompt
    terms = tuple(term.text for term in split_terms(own))
    if not terms:
        return layered_negative(case, prompt)
    if len(terms) > _MOST_NEGATIVE_TERMS:
        return _composed(case, (dynamic_layer(case.diff), NegativeLayer("own", terms)), prompt)
    known = {fold_words(term) for term in terms}
    dynamic = dynamic_layer(case.diff)
    added = dynamic.with_terms(term for term in dynamic.terms if fold_words(term) not in known)
    defects = _composed(case, (added,), prompt)
    kept = own.rstrip(" ,\n")
    return f"{end_comment(kept)}, {defects}" if defects else kept


def _composed(case: Case, layers: Iterable[NegativeLayer], prompt: str) -> str:
    weights = [tag.weight for tag in find_extra_networks(prompt) if tag.kind in LORA_KINDS]
    return compose_negative(
        tuple(layers),
        asked=split_terms(prompt),
        lora_weight=max(weights, default=None),
        cfg_scale=case.params.cfg_scale or _USUAL_CFG_SCALE,
    ).text


def _usable_loras(case: Case) -> list[ExtraNetwork]:
    absent = case.resources.loras_in(ResourceState.MISSING)
    tags = find_extra_networks(case.params.prompt)
    return [tag for tag in tags if tag.kind in LORA_KINDS and tag.name not in absent]


def _is_unwelcome(case: Case, text: str) -> bool:
    return case.is_blocked(text) or case.is_unwanted_style(text) or case.is_old_style(text) or case.is_foreign(text)


def _is_contradicted(case: Case, text: str) -> bool:
    """Whether *text* names something that is not so and nothing that shows."""
    words = set(fold_words(text))

    def names(entries: tuple[DiffEntry, ...]) -> bool:
        return any(words.issuperset(fold_words(entry.tag)) for entry in entries)

    return names(case.wrong) and not names(case.diff.of_class(DiffClass.CONFIRMED))


def _distilled(case: Case, prompt: str) -> str:
    """Keep the segments that show or carry names and tags, then others in order, up to the limit."""
    segments = split_segments(prompt)
    shown = [set(fold_words(entry.tag)) for entry in case.shown]

    def rank(segment: str) -> int:
        words = {word for term in split_terms(segment) for word in fold_words(term.text)}
        return 0 if "<" in segment or any(tag <= words for tag in shown) else 1

    best = sorted(range(len(segments)), key=lambda index: (rank(segments[index]), index))[:MOST_TAGS]
    return ",".join(segments[index] for index in sorted(best))
