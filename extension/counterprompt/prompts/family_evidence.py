"""What speaks for a model family besides the words of a prompt: names, bases and settings, as tables of points.

Points are natural logarithms of odds, by judgement: 2 makes a family about seven times likelier. Facts: the base model
names of Civitai and the architecture strings of kohya's `ss_base_model_version` and of modelspec, as found in files.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from counterprompt.prompts.family_words import ModelFamily

_SD15, _SDXL, _PONY = ModelFamily.SD15, ModelFamily.SDXL, ModelFamily.PONY
_ILLUSTRIOUS, _FLUX = ModelFamily.ILLUSTRIOUS, ModelFamily.FLUX

Points = dict[ModelFamily, float]


@dataclass(frozen=True)
class NameSign:
    """A pattern in a name, and what it speaks for."""

    pattern: re.Pattern[str]
    """Searched in the name in lower case."""
    points: Points
    """Family to points."""


def _sign(pattern: str, **points: float) -> NameSign:
    return NameSign(re.compile(pattern), {ModelFamily[name.upper()]: number for name, number in points.items()})


BASE_MODELS: Final = (
    _sign(r"pony", pony=7),
    _sign(r"illustrious|noobai|noob", illustrious=7),
    _sign(r"flux", flux=7),
    _sign(r"sdxl|sd[ _-]?xl|stable-diffusion-xl", sdxl=4, pony=2.5, illustrious=2.5),
    _sign(r"\bsd ?1(?:\.[0-9])?\b|\bsd_?v1|stable-diffusion-v1|\bsd15\b", sd15=7),
)
"""The base model of a resource, the first that fits. SDXL's architecture is that of Pony and Illustrious too."""

CHECKPOINTS: Final = (
    _sign(r"pony|pdxl|autismmix|snowpony|everclear|cyberrealisticpony|tponynai", pony=5),
    _sign(r"illustrious|noob|(?<![a-z])ilxl|(?<![a-z])il(?![a-z])|(?:^|_)wai|obsession", illustrious=5),
    _sign(r"flux|(?<![a-z])schnell(?![a-z])", flux=5),
    _sign(r"xl|animagine|opendalle|proteus", sdxl=3, pony=0.5, illustrious=0.5),
    _sign(
        r"v1-[45]|sd[ _-]?v1|sd[ _-]?1[._]?5|(?<![a-z])v1[._]5"
        r"|anything|counterfeit|meina|abyssorange|aom[23]|chilloutmix|revanimated"
        r"|deliberate|dreamshaper_?[5-8]|realisticvision|realistic_vision|epicrealism|majicmix|cetus|ghostmix|pastelmix"
        r"|nai|animefull|orangemix|dreamlike|openjourney",
        sd15=4,
    ),
)
"""The checkpoint's file name, the first that fits."""

LORAS: Final = (
    _sign(r"pony|pdxl", pony=1.5),
    _sign(r"illustrious|noobai|noob|ilxl", illustrious=1.5),
    _sign(r"flux", flux=2.0),
    _sign(r"xl(?![a-z])", sdxl=0.8, pony=0.5, illustrious=0.5),
)
"""The names in LoRA tags, all that fit."""

WORDS_SAY: Final[dict[str, Points]] = {
    "F-SCORE": {_PONY: 4.0},
    "F-SOURCE": {_PONY: 3.0},
    "F-RATING": {_PONY: 2.0},
    "F-NSFW": {},
    "F-PONY": {_PONY: 2.0},
    "F-AESTHETIC": {_ILLUSTRIOUS: 2.0, _SDXL: 0.7},
    "F-PERIOD": {_ILLUSTRIOUS: 2.0, _SDXL: 0.5},
    "F-QUALITY": {_SD15: 0.7, _ILLUSTRIOUS: 0.7, _SDXL: 0.3},
    "F-AMAZING": {_ILLUSTRIOUS: 1.2, _SDXL: 0.3},
    "F-DETAIL": {_ILLUSTRIOUS: 2.0},
    "F-RESOLUTION": {_ILLUSTRIOUS: 0.8, _SD15: 0.3, _SDXL: 0.2},
    "F-COUNT": {_SD15: 0.3, _ILLUSTRIOUS: 0.3, _PONY: 0.3, _SDXL: 0.1},
    "F-EMBEDDING": {},
}
"""What one word of a row says, by rule id; a second word of the row says nothing new. Embeddings speak for natives."""

EMBEDDING_POINTS: Final = 5.0
"""For the first of its natives, the family it was trained on; for the others, where it works too, one less."""

SMALL_SIZE: Final[Points] = {_SD15: 2.0}
"""A base size of at most 640x640 in area."""
LARGE_SIZE: Final[Points] = {_SDXL: 1.2, _PONY: 1.2, _ILLUSTRIOUS: 1.2, _FLUX: 1.2}
"""A base size of at least 960x960 in area."""
CLIP_SKIP_2: Final[Points] = {_SD15: 0.4, _PONY: 0.6, _ILLUSTRIOUS: 0.2}
"""Pony asks for it, anime checkpoints of SD 1.x are used with it."""
NO_GUIDANCE: Final[Points] = {_FLUX: 1.5}
"""CFG scale 1: distilled models, of which Flux is the commonest."""
SENTENCES: Final[Points] = {_FLUX: 1.8, _SDXL: 0.4}
"""Long plain sentences and no negative prompt."""
STYLE_LIST: Final[Points] = {_SDXL: 2.0}
"""A lone full stop between the subject and the words of a style: how the style lists made for SDXL join the two."""
ARTIST_PREFIX: Final[Points] = {_ILLUSTRIOUS: 1.2}
"""artist:NAME, as NoobAI XL's card writes it and those who trained on its spelling."""
STRONG_QUALITY: Final[Points] = {_SD15: 1.2}
"""Quality words weighted by 1.4 or more in the negative prompt, as the cards of SD 1.x's anime merges advise; those of
SDXL's descendants advise against it."""
STRONG_FROM: Final = 1.4
EMPHASIS: Final[Points] = {_SD15: 0.7, _SDXL: 0.5, _PONY: 0.5, _ILLUSTRIOUS: 0.5}
"""Emphasis brackets, which Flux does not read."""
