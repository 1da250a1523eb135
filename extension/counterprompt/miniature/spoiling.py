"""What people write into prompts besides the picture: quality words, talk without end, another family's tags."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from counterprompt.miniature.world import Scene

_PRAISE: Final = ("masterpiece", "best quality", "highly detailed", "8k", "sharp focus", "award winning")
_TONES: Final = (
    "epic",
    "soft",
    "warm",
    "cold",
    "dramatic",
    "vivid",
    "subtle",
    "delicate",
    "ornate",
    "misty",
    "ancient",
)
_THINGS: Final = (
    "lighting",
    "atmosphere",
    "composition",
    "texture",
    "shadows",
    "mood",
    "palette",
    "horizon",
    "mountains",
    "river",
    "castle",
    "garment",
    "brushwork",
    "reflection",
)
_PONY: Final = ("score_9", "score_8_up", "score_7_up", "score_6_up", "source_anime", "rating_safe", "source_cartoon")
_ILLUSTRIOUS: Final = ("very awa", "newest", "very aesthetic")
_FOREIGN: Final = ((_PONY, ("ponyDiffusionV6XL", "autismmixPony")), (_ILLUSTRIOUS, ("illustriousXL_v01", "noobaiXL")))


def say_content(scene: Scene, rng: random.Random, *, with_style: bool = True) -> list[str]:
    """Say what *scene* shows, as prompts do: its shape and colour, its background, its style; sometimes with praise."""
    subject = f"{scene.colour} {scene.shape}"
    terms = [rng.choice([subject, subject, f"a {subject}", f"({subject}:1.2)"]), f"{scene.background} background"]
    if rng.random() < 0.2:
        terms.reverse()
    if with_style and scene.style != "plain":
        terms.append(scene.style)
    praise = rng.sample(_PRAISE, rng.choice((0, 0, 1, 2)))
    return [*praise, *terms] if rng.random() < 0.5 else [*terms, *praise]


def filler_terms(count: int, rng: random.Random) -> list[str]:
    """Draw *count* different terms that say nothing of the picture, at most 154."""
    return rng.sample([f"{tone} {thing}" for tone in _TONES for thing in _THINGS], count)


def foreign_terms(rng: random.Random) -> tuple[list[str], str]:
    """Draw words that another model family alone knows, at least two, and a checkpoint of that family."""
    words, checkpoints = rng.choice(_FOREIGN)
    chosen = rng.sample(words, rng.randint(2, len(words)))
    return chosen, rng.choice(checkpoints)
