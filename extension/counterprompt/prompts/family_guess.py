"""Which model family a prompt was written for, with the evidence."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from counterprompt.prompts import family_evidence as signs
from counterprompt.prompts.emphasis import parse_emphasis
from counterprompt.prompts.extra_networks import LORA_KINDS, find_extra_networks, strip_extra_networks
from counterprompt.prompts.families import find_word
from counterprompt.prompts.family_words import FamilyWord, ModelFamily
from counterprompt.prompts.terms import split_terms

if TYPE_CHECKING:
    from counterprompt.infotext.params import GenerationParams

_FAMILIES: Final[tuple[ModelFamily, ...]] = tuple(family for family in ModelFamily if family is not ModelFamily.UNKNOWN)
_SURE_ENOUGH: Final = 0.45
"""Below, the family is unknown; five families without evidence have 0.2 each."""
_SMALL: Final = 640 * 640
_LARGE: Final = 960 * 960
_SENTENCE: Final = 12
"""Words of a term that no list of tags holds."""
_FOREIGN_WEIGHT: Final = re.compile(r"^-?[0-9.]+::|::$")
"""NovelAI's emphasis, 1.3::year 2024::, which other programs show as it is."""
_STYLE_JOINT: Final = re.compile(r"\S \. \S")
_PROSE: Final = 6
"""Words of a term on average, from which a prompt is no list of tags."""


@dataclass(frozen=True)
class FamilyHints:
    """What else is known of the picture."""

    checkpoint: str = ""
    """Its name, as in the infotext's "Model"."""
    base_model: str = ""
    """The base of the checkpoint or of a LoRA: "Pony", "SDXL 1.0", "sd_v1", "stable-diffusion-xl-v1-base"."""
    clip_skip: int | None = None
    """As in the infotext."""
    width: int | None = None
    """Pixels of the first pass."""
    height: int | None = None
    """Pixels of the first pass."""
    cfg_scale: float | None = None
    """Guidance strength."""


@dataclass(frozen=True)
class FamilyEvidence:
    """One thing that speaks for families."""

    rule_id: str
    """Short id of the sign."""
    found: str
    """What was found."""
    points: tuple[tuple[ModelFamily, float], ...]
    """Family to the natural logarithm of the odds it gains."""


@dataclass(frozen=True)
class FamilyGuess:
    """The likeliest family."""

    family: ModelFamily
    """UNKNOWN where nothing stands out."""
    confidence: float
    """How likely *family* is among the five, 0 to 1; of UNKNOWN the likeliest one's."""
    evidence: tuple[FamilyEvidence, ...]
    """Everything that counted, the strongest first."""


def hints_from(params: GenerationParams, base_model: str = "") -> FamilyHints:
    """Gather what an infotext says besides its prompts; *base_model* as a resource's metadata spell it, "" unknown."""
    width, height = params.first_pass_size or (params.width, params.height)
    return FamilyHints(params.model_name or "", base_model, params.clip_skip, width, height, params.cfg_scale)


def recognise_family(prompt: str, negative_prompt: str = "", hints: FamilyHints | None = None) -> FamilyGuess:
    """Guess which model family *prompt* and *negative_prompt* were written for.

    Raises:
        InvalidInputError: a prompt is longer than 100,000 characters or grows into too much text.
    """
    hints = hints or FamilyHints()
    evidence = [*_from_hints(hints), *_from_words(prompt, negative_prompt), *_from_syntax(prompt, negative_prompt)]
    odds: dict[ModelFamily, float] = dict.fromkeys(_FAMILIES, 0.0)
    for item in evidence:
        for family, points in item.points:
            odds[family] += points
    best = max(_FAMILIES, key=odds.__getitem__)
    confidence = 1.0 / sum(math.exp(odds[family] - odds[best]) for family in _FAMILIES)
    evidence.sort(key=lambda item: -max(points for _, points in item.points))
    return FamilyGuess(best if confidence >= _SURE_ENOUGH else ModelFamily.UNKNOWN, confidence, tuple(evidence))


def _evidence(rule_id: str, found: str, points: signs.Points) -> Iterator[FamilyEvidence]:
    if points:
        yield FamilyEvidence(rule_id, found, tuple(points.items()))


def _first_sign(table: Sequence[signs.NameSign], name: str) -> signs.Points:
    return next((sign.points for sign in table if sign.pattern.search(name.lower())), {})


def _from_hints(hints: FamilyHints) -> Iterator[FamilyEvidence]:
    yield from _evidence("G-BASE", hints.base_model, _first_sign(signs.BASE_MODELS, hints.base_model))
    yield from _evidence("G-CHECKPOINT", hints.checkpoint, _first_sign(signs.CHECKPOINTS, hints.checkpoint))
    area = (hints.width or 0) * (hints.height or 0)
    size = f"{hints.width}x{hints.height}"
    yield from _evidence("G-SIZE", size, signs.SMALL_SIZE if 0 < area <= _SMALL else {})
    yield from _evidence("G-SIZE", size, signs.LARGE_SIZE if area >= _LARGE else {})
    yield from _evidence("G-CLIP-SKIP", "Clip skip 2", signs.CLIP_SKIP_2 if hints.clip_skip == 2 else {})
    yield from _evidence("G-CFG", "CFG scale 1", signs.NO_GUIDANCE if hints.cfg_scale == 1 else {})


def _from_words(prompt: str, negative_prompt: str) -> Iterator[FamilyEvidence]:
    seen: set[str] = set()
    for is_negated, text in ((False, prompt), (True, negative_prompt)):
        # A term weighted by 0 is switched off: who wrote it did not ask for it.
        terms = [_FOREIGN_WEIGHT.sub("", term.text) for term in split_terms(text) if term.emphasis]
        tags = [word for term in terms if " " in term for word in term.split() if "_" in word]
        for candidate in (*terms, *tags):
            word = find_word(candidate)
            if word is not None and word.rule_id not in seen:
                seen.add(word.rule_id)
                yield from _evidence(word.rule_id, candidate, _points_of(word, is_negated=is_negated))


def _points_of(word: FamilyWord, *, is_negated: bool) -> signs.Points:
    """What a word says; in the negative prompt, which is often carried over, half as much."""
    if word.rule_id == "F-EMBEDDING":
        native, *others = word.natives
        return {native: signs.EMBEDDING_POINTS, **dict.fromkeys(others, signs.EMBEDDING_POINTS - 1)}
    share = 0.5 if is_negated else 1.0
    return {family: points * share for family, points in signs.WORDS_SAY[word.rule_id].items()}


def _from_syntax(prompt: str, negative_prompt: str) -> Iterator[FamilyEvidence]:
    for tag in find_extra_networks(prompt):
        if tag.kind in LORA_KINDS:
            yield from _evidence("G-LORA", tag.name, _first_sign(signs.LORAS, tag.name))
    yield from _from_habits(prompt, negative_prompt)
    stripped = strip_extra_networks(prompt)
    pieces = (*parse_emphasis(stripped), *parse_emphasis(negative_prompt))
    emphasised = [text for text, emphasis in pieces if emphasis != 1]
    yield from _evidence("G-EMPHASIS", "".join(emphasised[:1]), signs.EMPHASIS if emphasised else {})
    lengths = [len(term.text.split()) for term in split_terms(stripped)]
    is_prose = max(lengths, default=0) >= _SENTENCE and sum(lengths) >= _PROSE * len(lengths)
    is_prose = is_prose and not negative_prompt.strip() and not emphasised
    yield from _evidence("G-SENTENCES", "whole sentences", signs.SENTENCES if is_prose else {})


def _from_habits(prompt: str, negative_prompt: str) -> Iterator[FamilyEvidence]:
    """Give what a way of writing tells that is common with one family only."""
    yield from _evidence("G-STYLE", " . ", signs.STYLE_LIST if _STYLE_JOINT.search(prompt) else {})
    artists = [term.text for term in split_terms(prompt) if term.text.lower().startswith("artist:")]
    yield from _evidence("G-ARTIST", "".join(artists[:1]), signs.ARTIST_PREFIX if artists else {})
    words = (
        (term, find_word(term.text)) for term in split_terms(negative_prompt) if term.emphasis >= signs.STRONG_FROM
    )
    strong = [term.text for term, word in words if word is not None and word.rule_id == "F-QUALITY"]
    yield from _evidence("G-STRONG", "".join(strong[:1]), signs.STRONG_QUALITY if strong else {})
