"""Where scored pictures come from: this process, or the workers of a crew; the evaluator need not know which."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from counterprompt.errors import GeneratorError
from counterprompt.memory import is_out_of_memory
from counterprompt.search.drawing import draw_pictures, refuse_unusable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PIL import Image

    from counterprompt.ports import GenerationRequest, ImageGenerator, Scorer, Scores


@dataclass(frozen=True)
class Measured:
    """A batch of pictures that has been generated and scored."""

    requests: tuple[GenerationRequest, ...]
    """What was asked for."""
    scores: tuple[Scores, ...]
    """One entry per request, in order."""
    images: tuple[Image.Image, ...] = ()
    """The pictures, in order, where they are to be kept; otherwise none."""
    drawing_s: float = field(default=0.0, compare=False)
    """Seconds that drawing took; 0 where nobody says."""
    scoring_s: float = field(default=0.0, compare=False)
    """Seconds that scoring took; 0 where nobody says."""


@runtime_checkable
class PictureSource(Protocol):
    """Takes requests and gives scores, in whatever order they come."""

    @property
    def room(self) -> int:
        """How many more batches it could start on soon; 0 where it is better to wait for what it has."""
        ...

    def submit(self, requests: Sequence[GenerationRequest], keep: bool) -> None:
        """Ask for *requests*, all of one prompt; *keep* their pictures."""
        ...

    def collect(self) -> list[Measured]:
        """Return what has finished since the last call; waits a while for something, and may still return nothing.

        Raises:
            GeneratorError: a picture could not be generated.
            ScorerError: a picture could not be scored.
        """
        ...


class LocalSource:
    """Generates and scores in this process, batch by batch; where memory runs out, with half the batch from then on."""

    def __init__(self, generator: ImageGenerator, scorer: Scorer) -> None:
        self._generator = generator
        self._scorer = scorer
        self._largest = max(1, generator.batch_size)
        self._waiting: deque[tuple[tuple[GenerationRequest, ...], bool]] = deque()

    @property
    def room(self) -> int:
        """One batch at a time."""
        return 0 if self._waiting else 1

    @property
    def largest_batch(self) -> int:
        """How many pictures are generated at once: what the generator takes, less where memory ran out."""
        return self._largest

    def submit(self, requests: Sequence[GenerationRequest], keep: bool) -> None:
        """Ask for *requests*, all of one prompt; *keep* their pictures."""
        for start in range(0, len(requests), self._largest):
            self._waiting.append((tuple(requests[start : start + self._largest]), keep))

    def collect(self) -> list[Measured]:
        """Generate and score the next batch.

        Raises:
            GeneratorError: from the generator; memory ran out for a single picture; or it lost a picture.
            ScorerError: from the scorer, or it gave something that is not a number.
        """
        if not self._waiting:
            return []
        waiting, keep = self._waiting.popleft()
        while (measured := self._measured(requests := waiting[: self._largest], keep)) is None:
            self._largest = (len(requests) + 1) // 2
        if waiting[len(requests) :]:
            self._waiting.appendleft((waiting[len(requests) :], keep))
        return [measured]

    def forget(self) -> None:
        """Drop what was asked for and not generated yet."""
        self._waiting.clear()

    def _measured(self, requests: tuple[GenerationRequest, ...], keep: bool) -> Measured | None:
        """Generate and score *requests*; None where memory ran out and fewer may do."""
        started = drawn = time.monotonic()
        try:
            images = draw_pictures(self._generator, requests)
            drawn = time.monotonic()
            scores = self._scorer.score(images, requests[0].prompt)
        except Exception as error:
            if not is_out_of_memory(error):
                raise
            if len(requests) == 1:
                raise GeneratorError(
                    f"{self._generator.name} ran out of memory over a single picture; "
                    "free some or choose a smaller size, and resume."
                ) from error
            return None
        refuse_unusable(scores, len(images), self._scorer.name)
        kept = tuple(images) if keep else ()
        return Measured(requests, tuple(scores), kept, drawn - started, time.monotonic() - drawn)
