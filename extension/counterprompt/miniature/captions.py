"""How the drawn world is described: captions as careless as those of the real web.

A defect is named only some of the time, sometimes by another word, sometimes the caption is nothing but quality words
(what a negative prompt looks like) and sometimes nothing at all (what classifier-free guidance needs). Now and then a
word is wrong, so that without guidance a picture is not to be relied on. Of hands and necks people speak only where
there is a person, which is why a long copied negative full of them drives persons away.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from typing import Final

from counterprompt.miniature.world import BACKGROUNDS, COLOURS, DEFECTS, SHAPES, Scene

DEFECT_WORDS: Final = {
    "blurry": ("blurry", "out of focus"),
    "noisy": ("noisy", "grainy"),
    "overexposed": ("overexposed", "washed out"),
    "watermark": ("watermark", "logo"),
    "bad anatomy": ("bad anatomy", "extra arms", "extra limbs"),
}
"""The words for each defect; the first is the one most used."""

BAD_QUALITY_WORDS: Final = ("low quality", "worst quality")
GOOD_QUALITY_WORDS: Final = ("best quality", "masterpiece")
BODY_WORDS: Final = (
    "bad hands",
    "missing fingers",
    "extra digit",
    "fewer digits",
    "poorly drawn hands",
    "cloned face",
    "malformed limbs",
    "missing arms",
    "missing legs",
    "fused fingers",
    "too many fingers",
    "long neck",
)
"""Said of persons, whatever they look like."""

_EMPTY_SHARE: Final = {True: 0.02, False: 0.22}
"""Whether the picture has a defect to how often nobody describes it: without this lean, guidance alone would heal."""
_QUALITY_ONLY_SHARE: Final = 0.25
_NAMED_SHARE: Final = 0.5
_SLOPPY_SHARE: Final = 0.25
_WRONG_SHARE: Final = 0.06
"""How often each of shape, colour and background is misnamed."""
_BODY_SHARE: Final = 0.35


def caption(scene: Scene, rng: random.Random) -> str:
    """Describe *scene* as a careless person would; the result differs from call to call."""
    empty_share = _EMPTY_SHARE[bool(scene.defects)]
    kind = rng.random()
    if kind < empty_share:
        return ""
    if kind < empty_share + _QUALITY_ONLY_SHARE:
        return ", ".join(_quality_only(scene, rng))
    named = [_word(name, rng) for name in scene.defects if rng.random() < _NAMED_SHARE]
    if rng.random() < 0.25:
        named.append(rng.choice(BAD_QUALITY_WORDS if scene.defects else GOOD_QUALITY_WORDS))
    named += _body_words(scene, rng)
    rng.shuffle(named)
    return ", ".join([*_content(scene, rng), *named])


def _content(scene: Scene, rng: random.Random) -> list[str]:
    colour, shape = _seen(scene.colour, COLOURS, rng), _seen(scene.shape, SHAPES, rng)
    content = [f"{colour} {shape}", f"{_seen(scene.background, BACKGROUNDS, rng)} background"]
    if rng.random() < 0.2:
        content.reverse()
    if scene.style != "plain" and rng.random() < 0.75:
        content.append(scene.style)
    return content


def _seen(name: str, names: Iterable[str], rng: random.Random) -> str:
    """Name what is there, or now and then something else of its kind."""
    return rng.choice([other for other in names if other != name]) if rng.random() < _WRONG_SHARE else name


def _body_words(scene: Scene, rng: random.Random) -> list[str]:
    if scene.shape != "person" or rng.random() >= _BODY_SHARE:
        return []
    return rng.sample(BODY_WORDS, rng.randint(1, 4))


def _quality_only(scene: Scene, rng: random.Random) -> list[str]:
    if not scene.defects:
        return rng.sample(GOOD_QUALITY_WORDS, rng.randint(1, 2)) + _body_words(scene, rng)
    words = [_word(name, rng) for name in scene.defects]
    words += [_word(name, rng) for name in DEFECTS if name not in scene.defects and rng.random() < _SLOPPY_SHARE]
    if rng.random() < 0.35:
        words.append(rng.choice(BAD_QUALITY_WORDS))
    words += _body_words(scene, rng)
    rng.shuffle(words)
    return words


def _word(defect: str, rng: random.Random) -> str:
    words = DEFECT_WORDS[defect]
    return words[0] if rng.random() < 0.6 else rng.choice(words[1:])
