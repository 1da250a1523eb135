"""Folding: the spellings under which two terms count as the same words."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

_GAP = re.compile(r"[\s_]+")
_BRACED_WEIGHT = re.compile(r":[0-9.]+\}")
_PUNCTUATION = '.!?"“”'
_SPELLINGS: Final = {"gray": "grey", "colour": "color", "colors": "color", "colours": "color", "blond": "blonde"}
"""Spelling variants of single words; booru tags use the right-hand side."""
_KEPT_WHOLE: Final = frozenset(
    {"glasses", "sunglasses", "lens", "pants", "shorts", "jeans", "always", "series", "species"}
)
"""Words that end in s and are no plural, or mean another thing without it."""
_IRREGULAR: Final = {
    "women": "woman",
    "men": "man",
    "children": "child",
    "people": "person",
    "feet": "foot",
    "teeth": "tooth",
    "geese": "goose",
    "mice": "mouse",
    "oxen": "ox",
    "wolves": "wolf",
    "leaves": "leaf",
    "knives": "knife",
    "wives": "wife",
    "elves": "elf",
    "shelves": "shelf",
    "halves": "half",
    "scarves": "scarf",
    "thieves": "thief",
    "hooves": "hoof",
    "lenses": "lens",
    "buses": "bus",
    "heroes": "hero",
    "potatoes": "potato",
    "tomatoes": "tomato",
    "cookies": "cookie",
    "hoodies": "hoodie",
    "movies": "movie",
    "pixies": "pixie",
    "selfies": "selfie",
    "zombies": "zombie",
}
"""Plurals that no rule makes."""


def fold(text: str) -> str:
    """Fold case, underscores, escapes, brackets and spaces: "Long_Hair", "(long hair)" -> "long hair".

    Booru kaomoji such as "^_^" keep their signs; "{long hair:1.2}", which other programs write, loses its weight.
    """
    unescaped = text.replace("\\", "")
    if not any(sign.isalnum() for sign in unescaped):
        return unescaped.strip()
    unescaped = _BRACED_WEIGHT.sub(" ", unescaped)
    for bracket in "()[]{}":
        unescaped = unescaped.replace(bracket, " ")
    return _GAP.sub(" ", unescaped.casefold()).strip(f" {_PUNCTUATION}")


@lru_cache(maxsize=65536)
def fold_word(word: str) -> str:
    """Fold one word of a folded text further: spelling variants and the plural ("eyes" -> "eye")."""
    word = _SPELLINGS.get(word, word)
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if len(word) <= 3 or word in _KEPT_WHOLE or word.endswith(("ss", "us", "is", "'s")) or not word.endswith("s"):
        return word
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    if word.endswith(("sses", "shes", "ches", "xes", "zes")):
        return word[:-2]
    return word[:-1]


def fold_words(text: str) -> tuple[str, ...]:
    """Fold *text* word by word: "Blue_Eyes" -> ("blue", "eye"); hyphens part words."""
    return tuple(fold_word(word) for word in fold(text).replace("-", " ").split())
