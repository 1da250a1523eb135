"""The installed LoRA that comes nearest to one that is missing, and why."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from counterprompt.advice.inventory import InstalledFile, fold_name
from counterprompt.advice.model_family import fit_of_families
from counterprompt.prompts.families import ModelFamily
from counterprompt.prompts.folding import fold_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

LEAST_SCORE: Final = 0.3
"""Below it no file is called near."""

_NAME_SHARE: Final = 0.5
_TAGS_SHARE: Final = 0.5
_TAGS_TOLD: Final = 3
_TYPO: Final = 0.7
"""Names with fewer letters in common in the same order are alike by chance."""
_FULL_OVERLAP: Final = 3.0
"""Shared rarity that makes trained tags as telling as an equal name."""
_WORD = re.compile(r"[^\W\d_]+|\d+")
_IN_EVERY_NAME: Final = frozenset({"lora", "locon", "lycoris", "style", "xl", "sdxl", "sd", "pony", "flux"})


@dataclass(frozen=True)
class NearestLora:
    """A stand-in for a missing LoRA."""

    name: str
    """As prompts call it here."""
    score: float
    """0 to 1: names alike and trained tags in common, times how well the families fit."""
    why: tuple[str, ...]
    """One short phrase for each thing that speaks for it or against it."""


def find_nearest(
    name: str, terms: Sequence[str], family: ModelFamily, installed: Iterable[InstalledFile]
) -> NearestLora | None:
    """Find the LoRA nearest to the missing *name*.

    Args:
        name: the missing LoRA as the infotext calls it.
        terms: what the picture asks for and shows; rare words among a file's trained tags count most.
        family: of the checkpoint that will be used.
        installed: the LoRAs here.

    Returns:
        The best one with a score of at least LEAST_SCORE, or None.
    """
    files = tuple(installed)
    wanted = {fold_words(term) for term in terms} - {()}
    rarity = _rarity(files, wanted)
    compared = (_compare(name, file, wanted, rarity, family) for file in files)
    best = max(compared, key=lambda nearest: (nearest.score, nearest.name), default=None)
    return best if best and best.score >= LEAST_SCORE else None


_Words = tuple[str, ...]


def _rarity(files: Sequence[InstalledFile], wanted: set[_Words]) -> dict[_Words, float]:
    """Weigh each wanted tag from 0 (every LoRA here was trained on it) to 1 (one was)."""
    holders: dict[_Words, int] = {}
    for file in files:
        for words in wanted & _trained(file).keys():
            holders[words] = holders.get(words, 0) + 1
    return {words: 1.0 if count == 1 else 1 - count / len(files) for words, count in holders.items()}


def _trained(file: InstalledFile) -> dict[_Words, float]:
    return file.training.folded_shares if file.training else {}


def _compare(
    name: str, file: InstalledFile, wanted: set[_Words], rarity: dict[_Words, float], family: ModelFamily
) -> NearestLora:
    alike = max(name_likeness(name, own) for own in (file.name, *file.aliases))
    trained = _trained(file)
    telling = {words for words in wanted & trained.keys() if rarity.get(words, 0.0) > 0}
    overlap = {words: rarity[words] * trained[words] for words in telling}
    shared = min(1.0, sum(overlap.values()) / min(_FULL_OVERLAP, max(1, len(wanted))))
    fit = 1.0 if family is ModelFamily.UNKNOWN else fit_of_families(file.family, family)
    told = sorted(overlap, key=lambda words: (-overlap[words], words))[:_TAGS_TOLD]
    score = round(fit * (_NAME_SHARE * alike + _TAGS_SHARE * shared), 3)
    return NearestLora(file.name, score, _reasons(alike, told, file.family, fit))


def _reasons(alike: float, told: Sequence[_Words], family: ModelFamily, fit: float) -> tuple[str, ...]:
    reasons = [f"names alike {alike:.0%}"]
    if told:
        reasons.append("trained on " + ", ".join(" ".join(words) for words in told))
    if family is not ModelFamily.UNKNOWN:
        reasons.append(f"made for {family.value}" + ("" if fit else ", which does not fit the checkpoint here"))
    return tuple(reasons)


def name_likeness(left: str, right: str) -> float:
    """Compare two names, 0 to 1, by words or by letters; version numbers and everybody's words aside."""
    left_words, right_words = _name_words(left), _name_words(right)
    if not (left_words and right_words):
        return 0.0
    common = len(set(left_words) & set(right_words))
    words = 2 * common / (len(set(left_words)) + len(set(right_words)))
    return words if words == 1 else max(words, _letters_alike("".join(left_words), "".join(right_words)))


def _letters_alike(left: str, right: str) -> float:
    matcher = SequenceMatcher(None, left, right, autojunk=False)
    # The quick bounds spare the slow comparison of names that have nothing in common.
    bounds = (matcher.real_quick_ratio, matcher.quick_ratio, matcher.ratio)
    return matcher.ratio() if all(bound() > _TYPO for bound in bounds) else 0.0


@lru_cache(maxsize=65536)
def _name_words(name: str) -> tuple[str, ...]:
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name[:200])
    words = [word for word in _WORD.findall(fold_name(spaced)) if not word.isdigit() and word not in ("v", "ver")]
    return tuple(word for word in words if word not in _IN_EVERY_NAME) or tuple(words)
