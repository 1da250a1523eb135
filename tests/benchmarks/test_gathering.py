from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from benchmarks.search.gathering import GatheringWorld
from counterprompt.errors import GeneratorError
from counterprompt.ports import GenerationRequest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.search.measurement import Measurement
    from conftest import CountingWorld


def _request(seed: int) -> GenerationRequest:
    return GenerationRequest("house", "", seed)


def test_threads_share_batches(counting: CountingWorld) -> None:
    """Four runs that each ask for two pictures at a time get them drawn in fewer, larger batches, each its own."""
    world = GatheringWorld(counting)
    seen: dict[int, list[float]] = {}

    def run(number: int) -> None:
        for step in range(3):
            asked = [_request(1000 * number + 10 * step + each) for each in range(2)]
            seen.setdefault(number, []).extend(one.scores.aesthetic for one in world.measure(asked))

    world.work([lambda number=number: run(number) for number in range(4)], threads=4)  # type: ignore[misc]

    assert 24 == sum(counting.batches)
    assert len(counting.batches) <= 6
    assert 4 == len({tuple(values) for values in seen.values()})


def test_failure_reaches_whoever_waits() -> None:
    """An error of the world is raised where the pictures were ordered."""

    class Broken:
        name = "broken"

        def measure(self, requests: Sequence[GenerationRequest]) -> list[Measurement]:
            raise GeneratorError("No.")

    with pytest.raises(GeneratorError):
        GatheringWorld(Broken()).measure([_request(1)])


def test_other_runs_go_on(counting: CountingWorld) -> None:
    """A run that fails is told at the end, and the others are finished."""
    finished = []

    def fail() -> None:
        raise GeneratorError("No.")

    with pytest.raises(GeneratorError):
        GatheringWorld(counting).work([fail, lambda: finished.append(1)], threads=1)

    assert [1] == finished
