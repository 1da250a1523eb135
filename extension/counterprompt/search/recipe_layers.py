"""From a winner's negative prompt back to the layers it was composed of."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING, Final

from counterprompt.negative.layers import NegativeLayer
from counterprompt.prompts.terms import split_segments, split_terms
from counterprompt.search.candidate import OWN
from counterprompt.search.space import DYNAMIC

if TYPE_CHECKING:
    from collections.abc import Iterator

    from counterprompt.search.plan import StudyPlan

_STOP: Final = re.compile(r"\[(.*)::(0?\.[0-9]+|[01])\]", re.DOTALL)
_START: Final = re.compile(r"\[(.*):(0?\.[0-9]+|[01])\]", re.DOTALL)


def layers_of(negative_prompt: str, plan: StudyPlan) -> tuple[NegativeLayer, ...]:
    """Tell the layers of a *negative_prompt* that a candidate of *plan* rendered; the user's own text is one too.

    Terms that are in no layer of the plan were found by evidence and go to the dynamic one. Layers of one name are
    joined, so that each can be switched by its name.
    """
    own = plan.baseline.negative_prompt.rstrip(" ,\n")
    layers: list[NegativeLayer] = []
    rest = negative_prompt
    if own.strip() and negative_prompt.startswith(own):
        for segment in split_segments(own):
            layers += _layers_of_segment(segment.strip(), {}, OWN)
        rest = negative_prompt[len(own) :].lstrip(" ,\n")
    named = {term: layer.name for layer in plan.space.layers for term in layer.terms}
    for segment in split_segments(rest):
        layers += _layers_of_segment(segment.strip(), named, DYNAMIC)
    return _joined(layers)


def _layers_of_segment(segment: str, named: dict[str, str], unnamed: str) -> Iterator[NegativeLayer]:
    """Tell the layers of what stands between two commas; terms that are not *named* go to the layer *unnamed*."""
    start = stop = None
    for _ in range(2):
        if match := _STOP.fullmatch(segment):
            segment, stop = match[1], float(match[2])
        elif match := _START.fullmatch(segment):
            segment, start = match[1], float(match[2])
    terms = split_terms(segment)
    for name, group in groupby(terms, key=lambda term: named.get(term.text, unnamed)):
        found = list(group)
        yield NegativeLayer(name, tuple(term.text for term in found), round(found[0].emphasis, 3), start, stop)


def _joined(layers: list[NegativeLayer]) -> tuple[NegativeLayer, ...]:
    """Join what has one name; where emphasis or times differ, the later ones get a name of their own."""
    joined: dict[str, NegativeLayer] = {}
    for layer in layers:
        name, number = layer.name, 2
        while name in joined and not _acts_alike(joined[name], layer):
            name, number = f"{layer.name} {number}", number + 1
        before = joined[name].terms if name in joined else ()
        joined[name] = NegativeLayer(name, (*before, *layer.terms), layer.emphasis, layer.start, layer.stop)
    return tuple(joined.values())


def _acts_alike(one: NegativeLayer, other: NegativeLayer) -> bool:
    return (one.emphasis, one.start, one.stop) == (other.emphasis, other.start, other.stop)
