"""The dynamic layer: what a picture shows although nobody wants it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from counterprompt.negative.layers import (
    ANIMAL_STRUCTURE_TERMS,
    BASE_TERMS,
    MARK_TERMS,
    OBJECT_STRUCTURE_TERMS,
    SPILL_TERMS,
    STRUCTURE_TERMS,
    NegativeLayer,
)
from counterprompt.prompts.folding import fold_words
from counterprompt.prompts.meanings import generals_of, meaning_of
from counterprompt.tags.classes import DiffClass

if TYPE_CHECKING:
    from counterprompt.tags.diff import PromptDiff

_TAGGED_DEFECTS: Final = (
    "bad hands",
    "bad feet",
    "bad proportions",
    "bad perspective",
    "bad face",
    "fewer digits",
    "extra digits",
    "signature",
    "artist name",
    "web address",
    "username",
    "chromatic aberration",
    "jpeg artifacts",
    "error",
    "scan artifacts",
    "cropped",
    "out of frame",
    "unfinished",
    "vignette",
    "vignetting",
)
"""Defects that taggers know by name besides those of the layers."""

_DEFECTS: Final = frozenset(
    meaning_of(fold_words(term))
    for table in (
        BASE_TERMS,
        STRUCTURE_TERMS,
        ANIMAL_STRUCTURE_TERMS,
        OBJECT_STRUCTURE_TERMS,
        MARK_TERMS,
        SPILL_TERMS,
        _TAGGED_DEFECTS,
    )
    for term in table
)


def is_defect(tag: str) -> bool:
    """Whether *tag* names a defect: a term of the built-in layers, a synonym, a kind of one, or a tagger's own word."""
    words = fold_words(tag)
    meanings = {meaning_of(words), *generals_of(words)}
    return not meanings.isdisjoint(_DEFECTS)


def dynamic_layer(diff: PromptDiff, limit: int = 6) -> NegativeLayer:
    """Gather leaked tags and unexpected defects, the surest first, at most *limit*; the layer may be empty."""
    found = [
        entry
        for entry in diff.entries
        if entry.diff_class is DiffClass.LEAKED or (entry.diff_class is DiffClass.UNEXPECTED and is_defect(entry.tag))
    ]
    found.sort(key=lambda entry: -entry.confidence * max(entry.weight, 0.0))
    return NegativeLayer("dynamic", tuple(dict.fromkeys(entry.tag for entry in found))[:limit])
