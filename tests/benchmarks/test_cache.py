from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.search.cache import Cache, request_key
from benchmarks.search.measurement import Measurement
from counterprompt.ports import GenerationRequest, Scores

if TYPE_CHECKING:
    from pathlib import Path

MEASUREMENT = Measurement(
    Scores(5.5, 0.25, {"blurry": 0.1}, {"clipped": 0.0}), {"blurry": 0.75, "house": 0.25}, {"house": 0.5}
)


def test_measurement_survives(tmp_path: Path) -> None:
    """A second connection finds what the first one kept, field by field."""
    key = request_key(GenerationRequest("a", "b", 1), "w")
    first = Cache(tmp_path / "c.sqlite3")
    first.add({key: MEASUREMENT})
    first.close()

    assert {key: MEASUREMENT} == Cache(tmp_path / "c.sqlite3").find([key, b"unknown"])


def test_first_measurement_stays(tmp_path: Path) -> None:
    """What another process kept before is not replaced."""
    cache = Cache(tmp_path / "c.sqlite3")
    cache.add({b"k": MEASUREMENT})
    cache.add({b"k": Measurement(Scores(1.0, 0.0), {}, {})})

    assert {b"k": MEASUREMENT} == cache.find([b"k"])


def test_key_tells_requests_apart() -> None:
    """Another seed, another world or another LoRA weight is another picture."""
    keys = {
        request_key(GenerationRequest("a", "b", 1), "w"),
        request_key(GenerationRequest("a", "b", 2), "w"),
        request_key(GenerationRequest("a", "b", 1), "v"),
        request_key(GenerationRequest("a <lora:x:0.5>", "b", 1), "w"),
    }

    assert 4 == len(keys)


def test_notes_are_replaced(tmp_path: Path) -> None:
    """A note of the same kind and name takes the older one's place, and kinds stay apart."""
    cache = Cache(tmp_path / "c.sqlite3")
    cache.note("run", "a", {"x": 1})
    cache.note("run", "a", {"x": 2})
    cache.note("known", "a", {"x": 3})

    assert {"a": {"x": 2}} == cache.all_noted("run")
    assert cache.noted("run", "b") is None
