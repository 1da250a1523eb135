"""Candidates for the dynamic layer: what this picture, this model and this LoRA really get wrong."""

from __future__ import annotations

from statistics import fmean
from typing import TYPE_CHECKING

from counterprompt.negative.competition import drop_asked
from counterprompt.negative.evidence import is_defect
from counterprompt.negative.layers import NegativeLayer
from counterprompt.ports import defect_of
from counterprompt.prompts.terms import split_terms
from counterprompt.tags.observed import ObservedTags, TagCategory

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from counterprompt.ports import Scores

FAILED_PROBE = 0.5
"""Probability from which a probe counts as failed."""

FAILED_SHARE = 0.15
"""Share of baseline pictures that must fail a probe before its term is shortlisted."""

SHORTLIST = 6
"""Most terms that one source of evidence may shortlist."""


def terms_from_probes(baseline: Sequence[Scores]) -> tuple[str, ...]:
    """Shortlist the defects whose probe fails on many *baseline* pictures (at least one), most probable first."""
    means: dict[str, float] = {}
    for name in baseline[0].artifacts:
        values = [scores.artifacts[name] for scores in baseline]
        if sum(value >= FAILED_PROBE for value in values) >= FAILED_SHARE * len(values):
            means[defect_of(name)] = max(fmean(values), means.get(defect_of(name), 0.0))
    return tuple(sorted(means, key=lambda name: (-means[name], name)))[:SHORTLIST]


def terms_from_tags(observed: Iterable[ObservedTags]) -> tuple[str, ...]:
    """Shortlist the tags seen on baseline pictures that name a defect, those seen most and surest first."""
    sums: dict[str, float] = {}
    for tags in observed:
        for tag in tags.tags:
            if tag.category is TagCategory.GENERAL and is_defect(tag.name):
                sums[tag.name] = sums.get(tag.name, 0.0) + tag.confidence
    return tuple(sorted(sums, key=lambda name: (-sums[name], name)))[:SHORTLIST]


def without_asked(terms: Iterable[str], prompt: str) -> tuple[str, ...]:
    """Leave out of *terms* what *prompt* asks for, and repeats."""
    (layer,), _ = drop_asked([NegativeLayer("dynamic", tuple(dict.fromkeys(terms)))], split_terms(prompt))
    return layer.terms
