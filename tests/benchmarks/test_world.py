from __future__ import annotations

import io
from typing import TYPE_CHECKING

from PIL import Image

from counterprompt.generation.fake import FakeWorld
from counterprompt.ports import GenerationRequest

if TYPE_CHECKING:
    from benchmarks.search.world import CachedWorld
    from conftest import CountingWorld

REQUESTS = [GenerationRequest("house", "blurry", seed) for seed in range(3)]


def test_scores_of_placeholders(world: CachedWorld) -> None:
    """The scorer says of a placeholder what the world said of the picture it stands for, also after a round as PNG."""
    images = []
    for image in world.generate(REQUESTS):
        file = io.BytesIO()
        image.save(file, "PNG")
        images.append(Image.open(file).convert("RGB"))

    assert [FakeWorld().scores(request) for request in REQUESTS] == world.score(images, "house")


def test_nothing_is_drawn_twice(world: CachedWorld, counting: CountingWorld) -> None:
    """Only what is new is drawn, each request once, in one batch."""
    world.measure(REQUESTS[:1])
    world.measure([*REQUESTS, *REQUESTS])

    assert [1, 2] == counting.batches
    assert 0 == world.missing(REQUESTS)
    assert 3 == world.drawn
