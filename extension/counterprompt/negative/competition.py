"""Which terms lose their place in a negative prompt: what is asked for, what repeats, what is too many."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING, Final

from counterprompt.prompts.folding import fold_words
from counterprompt.prompts.meanings import is_about

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from counterprompt.negative.layers import NegativeLayer
    from counterprompt.prompts.terms import PromptTerm

_NEGATORS: Final = frozenset({"no", "without", "not", "non"})
_SERVED_FIRST: Final = ("dynamic", "spill")


@dataclass(frozen=True)
class DroppedTerm:
    """A term that lost its place."""

    term: str
    """As its layer spells it."""
    layer: str
    """The name of that layer."""
    rule_id: str
    """The rule that took it out, a key of `rules.RULES`."""


Verdict = tuple[list["NegativeLayer"], list[DroppedTerm]]


def drop_asked(layers: Sequence[NegativeLayer], asked: Iterable[PromptTerm]) -> Verdict:
    """Take out what *asked* asks for: the same words, a synonym, or the general term of what is asked (rule N-ASKED).

    What stands after "no" or "without" in a term, and terms of emphasis 0 or less, are not asked for.
    """
    wanted = [_asked_words(term) for term in asked if term.emphasis > 0]

    def is_asked(term: str) -> bool:
        meaning = fold_words(term)
        return any(is_about(words, meaning) for words in wanted)

    doomed = {(layer.name, term) for layer in layers for term in layer.terms if is_asked(term)}
    return _without(layers, doomed, "N-ASKED")


def drop_repeats(layers: Sequence[NegativeLayer]) -> Verdict:
    """Take out terms that fold to the same words as an earlier one (rule N-REPEAT)."""
    seen: set[tuple[str, ...]] = set()
    kept, dropped = [], []
    for layer in layers:
        terms = []
        for term in layer.terms:
            words = fold_words(term)
            if words in seen:
                dropped.append(DroppedTerm(term, layer.name, "N-REPEAT"))
            else:
                terms.append(term)
            seen.add(words)
        kept.append(layer.with_terms(terms))
    return kept, dropped


def drop_surplus(layers: Sequence[NegativeLayer], limit: int) -> Verdict:
    """Keep *limit* terms in all: layers take turns with their most important term, evidence first (rule N-LIMIT)."""
    order = sorted(layers, key=lambda layer: layer.name not in _SERVED_FIRST)
    rounds = zip_longest(*([(layer.name, term) for term in layer.terms] for layer in order))
    ranking = [place for turn in rounds for place in turn if place is not None]
    return _without(layers, set(ranking[limit:]), "N-LIMIT")


def _without(layers: Sequence[NegativeLayer], doomed: set[tuple[str, str]], rule_id: str) -> Verdict:
    dropped = [
        DroppedTerm(term, layer.name, rule_id)
        for layer in layers
        for term in layer.terms
        if (layer.name, term) in doomed
    ]
    kept = [layer.with_terms(term for term in layer.terms if (layer.name, term) not in doomed) for layer in layers]
    return kept, dropped


def _asked_words(term: PromptTerm) -> tuple[str, ...]:
    words = fold_words(term.text)
    negator = next((index for index, word in enumerate(words) if word in _NEGATORS), len(words))
    return words[:negator]
