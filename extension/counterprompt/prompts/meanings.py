"""Words that mean the same in prompts, and words that are a kind of something. One table each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from counterprompt.prompts.folding import fold_words

if TYPE_CHECKING:
    from collections.abc import Sequence

SYNONYMS: Final = (
    ("blurry", "blur", "blurred", "out of focus", "unfocused"),
    ("noisy", "noise", "grainy", "grain", "film grain", "image noise"),
    ("overexposed", "overexposure", "over exposed", "washed out", "blown out"),
    ("underexposed", "underexposure", "under exposed", "too dark"),
    ("low quality", "poor quality", "bad quality", "lowres", "low res", "low resolution"),
    ("garish colors", "oversaturated", "oversaturation", "over saturated"),
    ("jpeg artifacts", "compression artifacts", "jpg artifacts"),
    ("bad anatomy", "wrong anatomy", "deformed anatomy", "incorrect anatomy", "anatomical error"),
    ("bad hands", "malformed hands", "mutated hands", "poorly drawn hands", "deformed hands"),
    ("distorted face", "poorly drawn face", "bad face", "deformed face", "ugly face"),
    ("3d render", "3d", "3d rendering", "cgi", "computer render"),
    ("photo", "photograph", "photography", "photorealistic", "photo realistic", "realistic photo"),
    ("anime", "anime style", "anime screencap"),
    ("cartoon", "cartoon style", "toon"),
    ("painting", "painterly", "painting medium"),
    ("drawing", "drawn"),
    ("sketch", "pencil sketch"),
    ("1girl", "girl", "one girl", "1 girl", "woman", "1woman", "lady"),
    ("1boy", "boy", "one boy", "1 boy", "man", "1man", "guy"),
    ("person", "human", "people"),
    ("grey hair", "silver hair"),
    ("teeth", "tooth"),
    ("closed mouth", "mouth closed"),
    ("looking at viewer", "looking at camera", "looking at the viewer", "looking at the camera"),
    ("close up", "closeup"),
    ("black and white", "greyscale", "grayscale"),
)
"""Each row one meaning, spelled as in prompts; folding covers case, underscores and plurals."""

KINDS: Final = (
    ("text", ("lettering", "typography", "caption", "writing", "english text", "speech bubble")),
    ("bad anatomy", ("extra limbs", "extra arms", "extra legs", "missing limbs", "bad proportions", "extra hands")),
    ("bad hands", ("fused fingers", "extra fingers", "too many fingers", "missing fingers", "extra digits")),
    ("extra limbs", ("extra arms", "extra legs")),
    ("painting", ("oil painting", "watercolor", "acrylic painting", "gouache", "impressionism", "brush strokes")),
    (
        "illustration",
        ("drawing", "sketch", "comic", "manga", "anime", "lineart", "line art", "vector art", "concept art"),
    ),
    ("anime", ("manga", "cel shading", "cel shaded", "anime coloring", "waifu")),
    ("cartoon", ("comic", "caricature", "chibi", "cel shading")),
    ("3d render", ("octane render", "unreal engine", "blender", "voxel art", "low poly")),
    ("photo", ("dslr", "raw photo", "polaroid", "35mm", "film photo", "analog photo", "realistic")),
    ("blurry", ("bokeh", "depth of field", "motion blur", "blurry background", "soft focus")),
    ("noisy", ("iso noise",)),
    ("person", ("1girl", "1boy", "child", "old man", "old woman", "knight", "wizard", "astronaut", "couple")),
    ("overexposed", ("high key", "lens flare", "bloom")),
    ("underexposed", ("low key", "silhouette")),
)
"""A general term, and what is a kind of it or brings it along: who asks for bokeh asks for blur."""

STAND_INS: Final = (("watermark", ("text", "logo", "signature", "username", "artist name", "web address")),)
"""What a tagger reports for things that it has no tag for: it tells only what is seen, not what is asked."""


def _index_synonyms() -> dict[tuple[str, ...], tuple[str, ...]]:
    return {fold_words(word): fold_words(row[0]) for row in SYNONYMS for word in row}


def _index_kinds(
    table: tuple[tuple[str, tuple[str, ...]], ...],
) -> dict[tuple[str, ...], frozenset[tuple[str, ...]]]:
    index: dict[tuple[str, ...], set[tuple[str, ...]]] = {}
    for general, kinds in table:
        for kind in kinds:
            index.setdefault(meaning_of(fold_words(kind)), set()).add(meaning_of(fold_words(general)))
    return {kind: frozenset(generals - {kind}) for kind, generals in index.items()}


_MEANINGS: Final = _index_synonyms()


def meaning_of(words: Sequence[str]) -> tuple[str, ...]:
    """Return the words that stand for the meaning of folded *words*; themselves where no synonym is known."""
    key = tuple(words)
    return _MEANINGS.get(key, key)


_GENERALS: Final = _index_kinds(KINDS)
_STAND_INS: Final = _index_kinds(STAND_INS)


def generals_of(words: Sequence[str]) -> frozenset[tuple[str, ...]]:
    """Return the meanings that folded *words* are a kind of: ("extra", "arm") -> bad anatomy, extra limbs."""
    return _GENERALS.get(meaning_of(words), frozenset())


def stand_ins_of(words: Sequence[str]) -> frozenset[tuple[str, ...]]:
    """Return the meanings under which a tagger may report folded *words*: what they are a kind of, and stand-ins."""
    return generals_of(words) | _STAND_INS.get(meaning_of(words), frozenset())


LONGEST_MEANING: Final = max(len(words) for words in (*_MEANINGS, *_GENERALS))
"""Words in the longest entry of both tables."""


def is_about(words: Sequence[str], meaning: Sequence[str]) -> bool:
    """Whether folded *words* hold *meaning* anywhere: itself, a synonym, or a kind of it."""
    wanted = meaning_of(meaning)
    longest = max(LONGEST_MEANING, len(wanted))
    for begin in range(len(words)):
        for end in range(begin + 1, min(len(words), begin + longest) + 1):
            found = words[begin:end]
            if meaning_of(found) == wanted or wanted in generals_of(found):
                return True
    return False
