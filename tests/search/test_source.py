"""Generating and scoring in this process, and what happens where memory runs out."""

import pytest

from counterprompt.errors import GeneratorError
from counterprompt.generation.fake import FakeGenerator, FakeScorer
from counterprompt.ports import GenerationRequest
from counterprompt.search.source import LocalSource, Measured

REQUESTS = [GenerationRequest("a house", "", seed, width=32, height=32) for seed in range(8)]


class OutOfMemoryError(RuntimeError):
    """Named as torch's."""


class Cramped(FakeGenerator):
    """Has memory for *most* pictures at once."""

    def __init__(self, most: int, error: Exception | None = None) -> None:
        super().__init__(batch_size=8)
        self.most = most
        self.error = error or OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB")
        self.asked: list[int] = []

    def generate(self, requests):
        """Draw, or run out of memory."""
        self.asked.append(len(requests))
        if len(requests) > self.most:
            raise self.error
        return super().generate(requests)


def drain(source: LocalSource) -> list[Measured]:
    """Collect until nothing is left."""
    found: list[Measured] = []
    while batch := source.collect():
        found += batch
    return found


@pytest.mark.parametrize(
    ("most", "asked"),
    [(8, [8]), (5, [8, 4, 4]), (3, [8, 4, 2, 2, 2, 2]), (1, [8, 4, 2, 1, 1, 1, 1, 1, 1, 1, 1])],
)
def test_where_memory_runs_out_the_batch_is_halved(most: int, asked: list[int]):
    """Half the batch is tried at once and from then on, and every picture comes, in order."""
    generator = Cramped(most)
    source = LocalSource(generator, FakeScorer())
    source.submit(REQUESTS, keep=False)

    found = drain(source)

    assert asked == generator.asked
    assert REQUESTS == [request for each in found for request in each.requests]
    assert list(FakeScorer().score(FakeGenerator().generate(REQUESTS), "")) == [
        scores for each in found for scores in each.scores
    ]


def test_the_smaller_batch_is_remembered():
    """Later requests are cut to what fitted, without trying the large batch again."""
    generator = Cramped(3)
    source = LocalSource(generator, FakeScorer())
    source.submit(REQUESTS[:4], keep=False)
    drain(source)
    generator.asked.clear()

    source.submit(REQUESTS[4:], keep=False)
    drain(source)

    assert ([2, 2], 2) == (generator.asked, source.largest_batch)


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        OutOfMemoryError("CUDA out of memory."),
        RuntimeError("MPS backend out of memory (MPS allocated: 8.00 GB)"),
        GeneratorError('The WebUI at http://x failed (500): "OutOfMemoryError: CUDA out of memory."; see its console.'),
    ],
)
def test_every_way_to_say_it_is_understood(error: Exception):
    """Python, torch and a WebUI each say it differently."""
    source = LocalSource(Cramped(4, error), FakeScorer())
    source.submit(REQUESTS, keep=False)

    assert 8 == sum(len(each.requests) for each in drain(source))


def test_a_single_picture_too_many_is_an_error_with_a_remedy():
    """Where not even one picture fits, the user is told what to do."""
    source = LocalSource(Cramped(0), FakeScorer())
    source.submit(REQUESTS[:2], keep=False)

    with pytest.raises(GeneratorError, match="out of memory over a single picture; free some"):
        drain(source)


@pytest.mark.parametrize("error", [GeneratorError("Nothing listens there."), ValueError("out of memory")])
def test_other_errors_are_not_swallowed(error: Exception):
    """What is no lack of memory comes through at once."""
    generator = Cramped(0, error)
    source = LocalSource(generator, FakeScorer())
    source.submit(REQUESTS, keep=False)

    with pytest.raises(type(error)):
        source.collect()
    assert [8] == generator.asked


@pytest.mark.parametrize("keep", [True, False])
def test_pictures_are_handed_on_where_they_are_kept(keep: bool):
    """Only what is to be kept holds memory."""
    source = LocalSource(FakeGenerator(), FakeScorer())
    source.submit(REQUESTS[:2], keep)

    assert [2 if keep else 0] == [len(each.images) for each in drain(source)]


def test_there_is_room_for_one_batch_at_a_time():
    """It asks for more only when nothing waits."""
    source = LocalSource(FakeGenerator(), FakeScorer())
    before = source.room
    source.submit(REQUESTS, keep=False)

    assert (1, 0) == (before, source.room)
