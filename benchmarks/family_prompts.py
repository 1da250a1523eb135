"""Prompts as people write them for each model family: templates, of which the held-out half was never tuned by.

After the recommendations of model cards (Pony Diffusion V6, Illustrious XL, NoobAI XL, WAI, Animagine XL, Realistic
Vision, MeinaMix), the style lists made for SDXL, and how Flux is prompted. `FAMILY` of a template is every family for
which it is right; an empty one is undecidable on purpose: nobody can tell, and "no family" is the right answer.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from counterprompt.prompts.families import ModelFamily
from counterprompt.prompts.family_guess import FamilyHints

if TYPE_CHECKING:
    from collections.abc import Iterator

_SD15, _SDXL, _PONY = ModelFamily.SD15, ModelFamily.SDXL, ModelFamily.PONY
_ILL, _FLUX = ModelFamily.ILLUSTRIOUS, ModelFamily.FLUX
_SUBJECTS: Final = (
    "a lighthouse on a cliff",
    "1girl, solo, long hair",
    "an old man with a beard",
    "1boy, armor, sword",
    "a red fox in the snow",
    "2girls, school uniform",
    "a city street at night",
    "1girl, witch hat, smile",
)
_DETAILS: Final = ("sunset", "rain", "blue eyes", "from above", "flowers", "window", "wind", "smile", "bridge")
_SENTENCES: Final = (
    "A lighthouse stands on a steep cliff while heavy waves break against the dark rocks below it.",
    "An old fisherman with a grey beard looks calmly into the camera, his hands folded on a wooden table.",
    "The street is wet from the rain and the neon signs of small shops are mirrored in the puddles.",
    "A red fox sits in deep snow between birch trees and watches a small bird that has just landed.",
)


@dataclass(frozen=True)
class Template:
    """One way of writing."""

    families: tuple[ModelFamily, ...]
    """The families for which it is right; empty: undecidable."""
    prompt: str
    """With {s} for a subject, {d} for a detail and {t} for a sentence."""
    negative_prompt: str = ""
    """As written."""
    size: tuple[int, int] = (0, 0)
    """Usual size in pixels; (0, 0) where settings are unknown anyway."""
    cfg_scale: float = 7.0
    """Usual guidance strength."""
    clip_skip: int = 1
    """Usual clip skip."""


TUNING: Final = (
    Template((_SD15,), "masterpiece, best quality, {s}, {d}, {d}", "easynegative, bad-hands-5", (512, 768)),
    Template(
        (_SD15,), "(masterpiece:1.2), best quality, {s}, {d}", "(worst quality:2), lowres", (512, 512), clip_skip=2
    ),
    Template((_SD15,), "RAW photo, {s}, 8k uhd, dslr, film grain, Fujifilm XT3", "(cgi, 3d, cartoon:1.4)", (512, 768)),
    Template((_SD15,), "{s}, {d}, (photorealistic:1.4)", "ng_deepnegative_v1_75t, paintings", (512, 640)),
    Template(
        (_SDXL,), "cinematic photo {s} . 35mm photograph, film, bokeh, 4k", "drawing, painting, noisy", (1024, 1024)
    ),
    Template((_SDXL,), "anime artwork {s} . anime style, key visual, vibrant", "photo, deformed, realism", (1216, 832)),
    Template((_SDXL,), "{s}, {d}, cinematic lighting", "unaestheticXLv31, blurry", (832, 1216)),
    Template((_PONY,), "score_9, score_8_up, score_7_up, {s}, {d}", "", (1024, 1024), clip_skip=2),
    Template((_PONY,), "score_9, score_8_up, source_anime, rating_safe, {s}", "score_4, source_pony", (832, 1216)),
    Template((_PONY,), "{s}, {d}", "score_6, score_5, score_4, worst quality", (1024, 1024), clip_skip=2),
    Template(
        (_ILL,), "masterpiece, best quality, newest, absurdres, highres, {s}, {d}", "old, early, lowres", (832, 1216)
    ),
    Template((_ILL,), "masterpiece, best quality, amazing quality, {s}", "bad quality, worst detail", (1024, 1344)),
    Template((_ILL,), "{s}, {d}, artist:wlop, masterpiece, very awa", "worst quality, displeasing", (1024, 1024)),
    Template((_ILL,), "1.3::year 2024::, {s}, {d}, very aesthetic", "worst quality", (1024, 1024)),
    Template((_FLUX,), "{t} {t}", "", (1024, 1024), 1.0),
    Template((_FLUX,), "{t}", "", (896, 1152), 1.0),
    Template((), "{s}, {d}, {d}"),
    Template((), "photo of {s}, {d}", "blurry, text"),
    Template((), "(score_9:0), {s}, {d}"),
)
"""Rules may be mended by these."""

HELD_OUT: Final = (
    Template((_SD15,), "{s}, by greg rutkowski and alphonse mucha, trending on artstation, {d}", "", (512, 512)),
    Template((_SD15,), "analog style, {s}, {d}", "BadDream, UnrealisticDream", (768, 512)),
    Template(
        (_SD15,),
        "best quality, ultra-detailed, {s}",
        "((monochrome)), (worst quality:2), acnes",
        (512, 768),
        clip_skip=2,
    ),
    Template((_SD15,), "{s}, {d}, looking at viewer", "verybadimagenegative_v1.3, badhandv4", (576, 704)),
    Template((_SDXL,), "breathtaking {s} . award-winning, professional, {d}", "ugly, grainy", (1152, 896)),
    Template((_SDXL,), "concept art {s} . digital artwork, illustrative, matte painting", "photo, glossy", (1344, 768)),
    Template((_SDXL,), "{s}, {d}, sharp focus", "negativeXL_D, deformed", (1024, 1024)),
    Template(
        (_SDXL, _ILL), "{s}, masterpiece, best quality, very aesthetic, absurdres", "displeasing, oldest", (832, 1216)
    ),
    Template((_PONY,), "{s}, source_furry, {d}", "monochrome", (1024, 1024)),
    Template((_PONY,), "zPDXL2, {s}, {d}", "text", (832, 1216)),
    Template((_PONY,), "score_9, score_8_up, {s}, BREAK {d}", "score_3, score_2, bad hands", (1024, 1024), clip_skip=2),
    Template((_PONY,), "score_9_up {s}, {d}", "", (896, 1152)),
    Template((_ILL,), "very awa, year 2023, highres, {s}, {d}", "(worst quality:1.3), lowres", (1024, 1024)),
    Template((_ILL,), "(artist:ask:1.1), {s}, {d}, amazing quality", "worst aesthetic, lowres", (832, 1216)),
    Template((_ILL,), "{s}, {d}, best quality, safe, newest", "nsfw, oldest, mammal, anthro, feral", (1216, 832)),
    Template(
        (_ILL,), "masterpiece, best quality, amazing quality, {s}, {d}", "bad quality, sketch, censor", (1024, 1024)
    ),
    Template((_FLUX,), "{t} Soft light falls from the left. {t}", "", (1024, 768), 1.0),
    Template((_FLUX,), "{t} The picture looks like a photograph taken with an old camera.", "", (1152, 896), 1.0),
    Template((), "{s}, {d}, {d}, {d}", "lowres"),
    Template((), "a painting of {s}, {d}"),
    Template((), "{s}, masterpiece, {d}", "worst quality"),
)
"""Nothing was changed after a look at these."""


@dataclass(frozen=True)
class WrittenPrompt:
    """One prompt with its truth."""

    families: tuple[ModelFamily, ...]
    """Right answers; empty: undecidable."""
    prompt: str
    """Filled in."""
    negative_prompt: str
    """As written."""
    hints: FamilyHints
    """The settings; never the checkpoint's name."""


def write_prompts(templates: tuple[Template, ...], each: int, seed: int) -> Iterator[WrittenPrompt]:
    """Fill in every template *each* times, the same for the same *seed*."""
    rng = random.Random(seed)
    for template in templates:
        for _ in range(each):
            prompt = template.prompt.replace("{s}", rng.choice(_SUBJECTS))
            for mark, choices in (("{d}", _DETAILS), ("{t}", _SENTENCES)):
                for word in rng.sample(choices, prompt.count(mark)):
                    prompt = prompt.replace(mark, word, 1)
            width, height = template.size
            hints = FamilyHints(clip_skip=template.clip_skip, width=width, height=height, cfg_scale=template.cfg_scale)
            written = hints if width else FamilyHints()
            yield WrittenPrompt(template.families, prompt, template.negative_prompt, written)
