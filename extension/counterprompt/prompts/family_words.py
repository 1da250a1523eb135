"""The words of model families, as two tables: who learned a word, and how each family says what it means.

Facts from the model cards of Pony Diffusion V6 XL (score, source and rating tags), Illustrious XL and NoobAI XL
(quality, aesthetic and period tags), from the tags of Danbooru that anime checkpoints of SD 1.x and SDXL were trained
on, and from the names under which well-known embeddings are shared.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import Final


class ModelFamily(Enum):
    """Which base a checkpoint descends from."""

    SD15 = "SD 1.5"
    SDXL = "SDXL"
    PONY = "Pony"
    """SDXL trained anew on score tags."""
    ILLUSTRIOUS = "Illustrious"
    """SDXL trained anew on booru tags, NoobAI included."""
    FLUX = "Flux"
    """Reads plain language; distilled, so the negative prompt is mute."""
    UNKNOWN = "unknown"


_SD15, _SDXL, _PONY = ModelFamily.SD15, ModelFamily.SDXL, ModelFamily.PONY
_ILLUSTRIOUS, _FLUX = ModelFamily.ILLUSTRIOUS, ModelFamily.FLUX
_LIKE_SDXL = (_SDXL, _PONY, _ILLUSTRIOUS)
_BOORU = (_SD15, _SDXL, _ILLUSTRIOUS)
_TAGGED = (_SD15, _SDXL, _PONY, _ILLUSTRIOUS)


@dataclass(frozen=True)
class FamilyWord:
    """One row: words that not every family learned."""

    rule_id: str
    """Short id that changes and evidence quote."""
    natives: tuple[ModelFamily, ...]
    """The families that learned them, at least one."""
    what: str
    """What they are, as the begin of a sentence."""
    spellings: tuple[str, ...]
    """As in prompts; folding covers case, underscores and hyphens."""
    meaning: str = ""
    """Row of MEANINGS, or "" where nobody else has a word for it."""
    negated_meaning: str = ""
    """Row of MEANINGS for the negative prompt, where it is another one."""
    pattern: re.Pattern[str] | None = None
    """Further spellings, folded."""
    is_negated_only: bool = False
    """Whether in a positive prompt they are everybody's words."""


TOP_QUALITY: Final = "top quality"

MEANINGS: Final[dict[str, dict[ModelFamily, str]]] = {
    TOP_QUALITY: {
        _SD15: "masterpiece, best quality",
        _SDXL: "best quality",
        _PONY: "score_9, score_8_up, score_7_up",
        _ILLUSTRIOUS: "masterpiece, best quality",
    },
    "low quality": {
        _SD15: "worst quality, low quality",
        _SDXL: "worst quality, low quality",
        _PONY: "score_6, score_5, score_4",
        _ILLUSTRIOUS: "worst quality, low quality",
    },
    "bad hands": dict.fromkeys(_TAGGED, "bad hands"),
    "anime": {**dict.fromkeys(_BOORU, "anime"), _PONY: "source_anime", _FLUX: "anime illustration"},
    "cartoon": {**dict.fromkeys(_BOORU, "cartoon"), _PONY: "source_cartoon", _FLUX: "cartoon illustration"},
    "furry": {**dict.fromkeys(_BOORU, "furry"), _PONY: "source_furry", _FLUX: "anthropomorphic animal character"},
    "my little pony": {**dict.fromkeys(_BOORU, "my little pony"), _PONY: "source_pony", _FLUX: "My Little Pony style"},
    "film": {**dict.fromkeys(_BOORU, "3d"), _PONY: "source_filmmaker", _FLUX: "3D render"},
    "realistic": {**dict.fromkeys(_BOORU, "realistic"), _PONY: "source_real", _FLUX: "photograph"},
    "safe": {_PONY: "rating_safe", _ILLUSTRIOUS: "general"},
    "questionable": {_PONY: "rating_questionable", _ILLUSTRIOUS: "questionable"},
    "explicit": {_SD15: "nsfw", _SDXL: "nsfw", _PONY: "rating_explicit", _ILLUSTRIOUS: "explicit"},
    "newest": {_ILLUSTRIOUS: "newest"},
    "one girl": {**dict.fromkeys(_TAGGED, "1girl"), _FLUX: "a girl"},
    "two girls": {**dict.fromkeys(_TAGGED, "2girls"), _FLUX: "two girls"},
    "one boy": {**dict.fromkeys(_TAGGED, "1boy"), _FLUX: "a boy"},
    "two boys": {**dict.fromkeys(_TAGGED, "2boys"), _FLUX: "two boys"},
    "several girls": {**dict.fromkeys(_TAGGED, "multiple girls"), _FLUX: "several girls"},
    "several boys": {**dict.fromkeys(_TAGGED, "multiple boys"), _FLUX: "several boys"},
    "nobody": {**dict.fromkeys(_TAGGED, "no humans"), _FLUX: "without people"},
    "looking here": {**dict.fromkeys(_TAGGED, "looking at viewer"), _FLUX: "looking at the viewer"},
    "plain background": {**dict.fromkeys(_TAGGED, "simple background"), _FLUX: "in front of a plain background"},
}
"""A meaning, and how each family says it; a family that is absent has no words for it."""

WORDS: Final = (
    FamilyWord(
        "F-SCORE",
        (_PONY,),
        "Pony's score tags",
        (),
        TOP_QUALITY,
        "low quality",
        re.compile(r"score [0-9](?: up)?(?: [0-9])*(?: up)?"),
    ),
    FamilyWord("F-SOURCE", (_PONY,), "Pony's source tags", ("source_anime",), "anime"),
    FamilyWord("F-SOURCE", (_PONY,), "Pony's source tags", ("source_cartoon",), "cartoon"),
    FamilyWord("F-SOURCE", (_PONY,), "Pony's source tags", ("source_furry",), "furry"),
    FamilyWord("F-SOURCE", (_PONY,), "Pony's source tags", ("source_pony",), "my little pony"),
    FamilyWord("F-SOURCE", (_PONY,), "Pony's source tags", ("source_filmmaker",), "film"),
    FamilyWord("F-SOURCE", (_PONY,), "Pony's source tags", ("source_real",), "realistic"),
    FamilyWord("F-RATING", (_PONY,), "Pony's rating tags", ("rating_safe",), "safe"),
    FamilyWord("F-RATING", (_PONY,), "Pony's rating tags", ("rating_questionable",), "questionable"),
    FamilyWord("F-RATING", (_PONY,), "Pony's rating tags", ("rating_explicit",), "explicit"),
    FamilyWord("F-PONY", (_PONY,), "Words for Pony's own look", ("pony style",)),
    FamilyWord(
        "F-AESTHETIC", (_ILLUSTRIOUS,), "Aesthetic tags", ("very awa", "very aesthetic"), TOP_QUALITY, "low quality"
    ),
    FamilyWord(
        "F-AESTHETIC",
        (_ILLUSTRIOUS,),
        "Aesthetic tags",
        ("displeasing", "very displeasing", "worst aesthetic"),
        "low quality",
    ),
    FamilyWord("F-PERIOD", (_ILLUSTRIOUS,), "Period tags", ("newest",), "newest"),
    FamilyWord("F-PERIOD", (_ILLUSTRIOUS,), "Period tags", (), pattern=re.compile(r"year (?:19|20)[0-9]{2}")),
    FamilyWord(
        "F-PERIOD", (_ILLUSTRIOUS,), "Period tags", ("oldest", "old", "early", "mid", "recent"), is_negated_only=True
    ),
    FamilyWord(
        "F-QUALITY",
        _BOORU,
        "Booru quality tags",
        ("masterpiece", "best quality", "great quality"),
        TOP_QUALITY,
        "low quality",
    ),
    FamilyWord("F-AMAZING", _BOORU, "Booru quality tags", ("amazing quality",), TOP_QUALITY, "low quality"),
    FamilyWord("F-DETAIL", (_ILLUSTRIOUS,), "Quality tags of Illustrious", ("worst detail",), "low quality"),
    FamilyWord(
        "F-QUALITY", _BOORU, "Booru quality tags", ("worst quality", "bad quality", "normal quality"), "low quality"
    ),
    FamilyWord("F-RESOLUTION", _BOORU, "Booru resolution tags", ("absurdres", "highres", "incredibly absurdres")),
    FamilyWord("F-NSFW", _BOORU, "Words for a rating", ("nsfw",), "explicit"),
    FamilyWord("F-NSFW", _BOORU, "Words for a rating", ("sfw",), "safe"),
    FamilyWord("F-COUNT", _TAGGED, "Booru tags", ("1girl",), "one girl"),
    FamilyWord("F-COUNT", _TAGGED, "Booru tags", ("2girls",), "two girls"),
    FamilyWord("F-COUNT", _TAGGED, "Booru tags", ("1boy",), "one boy"),
    FamilyWord("F-COUNT", _TAGGED, "Booru tags", ("2boys",), "two boys"),
    FamilyWord("F-COUNT", _TAGGED, "Booru tags", ("multiple girls", "3girls", "4girls", "5girls"), "several girls"),
    FamilyWord("F-COUNT", _TAGGED, "Booru tags", ("multiple boys", "3boys", "4boys", "5boys"), "several boys"),
    FamilyWord("F-COUNT", _TAGGED, "Booru tags", ("no humans",), "nobody"),
    FamilyWord("F-COUNT", _TAGGED, "Booru tags", ("solo",)),
    FamilyWord("F-COUNT", _TAGGED, "Booru tags", ("looking at viewer",), "looking here"),
    FamilyWord("F-COUNT", _TAGGED, "Booru tags", ("simple background",), "plain background"),
    FamilyWord(
        "F-EMBEDDING",
        (_SD15,),
        "Embeddings of SD 1.5",
        (
            *("easynegative", "easynegativev2", "fastnegativev2", "fastnegativeembedding", "ng_deepnegative_v1_75t"),
            *("verybadimagenegative_v1.3", "bad-image-v2-39000", "bad_prompt_version2", "bad_prompt", "baddream"),
            *("unrealisticdream", "realisticvision-negative-embedding", "cyberrealistic_negative", "bad-artist"),
            *("bad-artist-anime", "deepnegative_v1_75t"),
        ),
        "low quality",
    ),
    FamilyWord(
        "F-EMBEDDING",
        (_SD15,),
        "Embeddings of SD 1.5",
        ("badhandv4", "bad-hands-5", "badhandsv5-neg", "negative_hand-neg", "negative_hand"),
        "bad hands",
    ),
    FamilyWord(
        "F-EMBEDDING",
        _LIKE_SDXL,
        "Embeddings of SDXL",
        ("negativexl_d", "negativexl", "unaestheticxlv31", "unaestheticxlv13", "unaestheticxl", "ac_neg1", "ac_neg2"),
        "low quality",
    ),
    FamilyWord(
        "F-EMBEDDING", (_PONY,), "Embeddings of Pony", ("zpdxl", "zpdxl2", "zpdxl3"), TOP_QUALITY, "low quality"
    ),
)
"""Every word that some family learned and another did not; a word is in one row."""
