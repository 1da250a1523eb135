"""A generator, a scorer and a tagger that only look measurements up; what is missing is drawn once, in batches.

`run_study` takes them as it takes any other: the pictures they exchange are placeholders that carry their key in their
pixels, which survive being kept as PNG.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

from PIL import Image

from benchmarks.search.cache import Cache, request_key
from counterprompt.tags.observed import ObservedTag, ObservedTags, TagCategory

if TYPE_CHECKING:
    from benchmarks.search.measurement import Measurement
    from counterprompt.ports import GenerationRequest, Scores

_EDGE = 4
_RECENT = 20_000
"""Measurements kept in memory, some kilobytes each; all others are read again."""


class World(Protocol):
    """Draws and measures."""

    @property
    def name(self) -> str:
        """Tells worlds apart whose pictures differ."""
        ...

    def measure(self, requests: Sequence[GenerationRequest]) -> list[Measurement]:
        """Draw each request and say everything of its picture."""
        ...


class CachedWorld:
    """Implements `ImageGenerator`, `Scorer` and `Tagger` at once, over a *world* and the *cache* of its pictures.

    Args:
        world: draws what is missing.
        cache: remembers.
        batch_size: how many pictures a study asks for at once, as it would of the real generator.
    """

    def __init__(self, world: World, cache: Cache, batch_size: int = 8) -> None:
        self.world = world
        self.cache = cache
        self._batch_size = batch_size
        self._recent: dict[bytes, Measurement] = {}
        self.drawn = 0
        """Pictures that were really drawn here."""

    @property
    def name(self) -> str:
        """The world's."""
        return self.world.name

    @property
    def batch_size(self) -> int:
        """How many requests are given at once."""
        return self._batch_size

    @property
    def vocabulary(self) -> frozenset[str]:
        """Every tag that the miniature's tagger could give."""
        from counterprompt.miniature.labels import TAGS
        from counterprompt.miniature.tagger import UNSPOKEN

        return frozenset(TAGS) - UNSPOKEN

    def lora_names(self) -> frozenset[str] | None:
        """It cannot tell."""
        return None

    def measure(self, requests: Sequence[GenerationRequest]) -> list[Measurement]:
        """Look each request up and draw what is missing, all in one go."""
        keys = [request_key(request, self.name) for request in requests]
        known = self._look_up(keys)
        missing = {key: request for key, request in zip(keys, requests) if key not in known}
        if missing:
            fresh = dict(zip(missing, self.world.measure(list(missing.values()))))
            self.cache.add(fresh)
            self._remember(fresh)
            known.update(fresh)
            self.drawn += len(fresh)
        return [known[key] for key in keys]

    def missing(self, requests: Sequence[GenerationRequest]) -> int:
        """Count the *requests* that would have to be drawn."""
        keys = {request_key(request, self.name) for request in requests}
        return len(keys - self.cache.known(keys))

    def generate(self, requests: Sequence[GenerationRequest]) -> list[Image.Image]:
        """Return one placeholder per request."""
        self.measure(requests)
        return [_placeholder(request_key(request, self.name)) for request in requests]

    def score(self, images: Sequence[Image.Image], prompt: str) -> list[Scores]:
        """Return what the world's scorer said of the pictures that the placeholders stand for."""
        return [self._of(image).scores for image in images]

    def tag(self, images: Sequence[Image.Image]) -> list[ObservedTags]:
        """Return what the world's tagger saw in the pictures that the placeholders stand for."""
        return [self._observed(self._of(image)) for image in images]

    def _of(self, image: Image.Image) -> Measurement:
        key = image.tobytes()[:32]
        return self._look_up([key])[key]

    def _look_up(self, keys: Sequence[bytes]) -> dict[bytes, Measurement]:
        known = {key: each for key in keys if (each := self._recent.get(key)) is not None}
        stored = self.cache.find(key for key in keys if key not in known)
        self._remember(stored)
        return {**known, **stored}

    def _remember(self, measurements: Mapping[bytes, Measurement]) -> None:
        if len(self._recent) > _RECENT:
            self._recent = {}
        self._recent.update(measurements)

    def _observed(self, measurement: Measurement) -> ObservedTags:
        tags = (ObservedTag(name, TagCategory.GENERAL, chance) for name, chance in measurement.tags.items())
        return ObservedTags(tuple(tags), self.vocabulary)


def _placeholder(key: bytes) -> Image.Image:
    return Image.frombytes("RGB", (_EDGE, _EDGE), key + bytes(3 * _EDGE * _EDGE - len(key)))
