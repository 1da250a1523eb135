"""Opens the miniature's world over its cache."""

from __future__ import annotations

from pathlib import Path

from benchmarks.search.cache import Cache
from benchmarks.search.world import CachedWorld

BATCH = 8
"""What the product's generator has."""


def open_world(cache: Path, batch_size: int = BATCH) -> CachedWorld:
    """Return the world that remembers in the file *cache*; the miniature is loaded when a picture is missing."""
    from benchmarks.search.gathering import GatheringWorld
    from benchmarks.search.miniature import LazyMiniature

    return CachedWorld(GatheringWorld(LazyMiniature()), Cache(cache), batch_size)
