"""A world that draws nothing: measurements come from the fake generator's formula."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from benchmarks.search.cache import Cache
from benchmarks.search.gathering import GatheringWorld
from benchmarks.search.measurement import Measurement
from benchmarks.search.world import CachedWorld
from counterprompt.generation.fake import FakeWorld

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from counterprompt.ports import GenerationRequest


class CountingWorld:
    """Measures by the formula and counts what it was asked for."""

    name = "fake"

    def __init__(self) -> None:
        self.batches: list[int] = []

    def measure(self, requests: Sequence[GenerationRequest]) -> list[Measurement]:
        """Say what the formula says."""
        self.batches.append(len(requests))
        return [Measurement(FakeWorld().scores(request), {}, {}) for request in requests]


@pytest.fixture
def counting() -> CountingWorld:
    return CountingWorld()


@pytest.fixture
def world(tmp_path: Path, counting: CountingWorld) -> Iterator[CachedWorld]:
    cached = CachedWorld(GatheringWorld(counting), Cache(tmp_path / "cache.sqlite3"))
    yield cached
    cached.cache.close()
