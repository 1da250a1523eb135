"""One worker of a study: it takes orders, draws and scores, and hands in the scores."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from counterprompt.errors import CounterpromptError, InvalidInputError
from counterprompt.search.orders import only_probes
from counterprompt.search.source import LocalSource, Measured

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from counterprompt.ports import ImageGenerator, ProgressListener, Scorer
    from counterprompt.search.orders import Order
    from counterprompt.search.work_queue import WorkQueue

STAGE = "working"

MOST_FAULTS = 3
"""So many orders in a row may fail before the worker gives up."""

_SHORTEST_PAUSE_S, _LONGEST_PAUSE_S, _PAUSE_GROWTH = 0.02, 2.0, 1.4
"""A worker without work waits about a third of the time for which it has had none: many of them cost little."""


class Worker:
    """Works for one study until that has ended."""

    def __init__(
        self,
        queue: WorkQueue,
        generator: ImageGenerator,
        scorer: Scorer,
        progress: ProgressListener,
        *,
        model: str = "",
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        """Make ready; nothing is drawn yet.

        Args:
            queue: the study's.
            generator: draws; it must have the study's model.
            scorer: scores; it must be the study's.
            progress: hears of every batch, and may ask to stop.
            model: name of what *generator* draws with; "" where it cannot tell.
            pause: waits for so many seconds.

        Raises:
            InvalidInputError: the study is scored by another scorer, or drawn by another model.
        """
        terms = queue.terms
        if scorer.name != terms.scorer:
            raise InvalidInputError(
                f"The study {queue.name} is scored by {terms.scorer}, not {scorer.name}; give --scorer its folder."
            )
        if model and terms.model and model != terms.model:
            raise InvalidInputError(
                f"The study {queue.name} is drawn by {terms.model}, this worker would draw with {model}; load the same."
            )
        self._queue = queue
        self._source = LocalSource(generator, scorer)
        self._progress = progress
        self._pause = pause

    def run(self) -> int:
        """Work until the study has ended or *progress* asks to stop; return how many pictures were handed in.

        An order in hand when the program is interrupted goes back at once; one in hand when it is killed goes to
        another worker after the study's time of grace.

        Raises:
            CounterpromptError: three orders in a row failed; it is what the last one failed with.
        """
        pictures = faults = 0
        pause_s = _SHORTEST_PAUSE_S
        while not self._progress.is_stop_requested():
            taken = self._queue.take()
            if taken is None:
                if not self._queue.is_open:
                    break
                self._pause(pause_s)
                pause_s = min(_LONGEST_PAUSE_S, _PAUSE_GROWTH * pause_s)
                continue
            pause_s = _SHORTEST_PAUSE_S
            fault = self._fulfil(*taken)
            faults = faults + 1 if fault else 0
            if fault and faults >= MOST_FAULTS:
                raise fault
            pictures += 0 if fault else len(taken[1].seeds)
            self._progress.advance(STAGE, pictures, 0, str(fault or ""))
        return pictures

    def _fulfil(self, number: int, order: Order) -> CounterpromptError | None:
        """Do one order; return what it failed with."""
        try:
            with self._beating(number):
                measured = self._measured(order)
        except CounterpromptError as error:
            self._queue.fail(number, str(error))
            return error
        except BaseException:
            self._queue.give_back(number)
            raise
        self._queue.finish(number, measured)
        return None

    def _measured(self, order: Order) -> Measured:
        source = self._source
        source.submit(order.requests, order.keep)
        found: list[Measured] = []
        try:
            while batch := source.collect():
                found += batch
        except BaseException:
            source.forget()
            raise
        scores = [scores for each in found for scores in each.scores]
        images = tuple(image for each in found for image in each.images)
        return Measured(order.requests, tuple(only_probes(scores, self._queue.terms.probes)), images)

    @contextmanager
    def _beating(self, number: int) -> Iterator[None]:
        """Let the coordinator know, now and then, that the order *number* is still being worked on."""
        is_over = threading.Event()

        def beat() -> None:
            count = 0
            while not is_over.wait(self._queue.terms.beat_s):
                count += 1
                self._queue.beat(number, count)

        thread = threading.Thread(target=beat, daemon=True)
        thread.start()
        try:
            yield
        finally:
            is_over.set()
            thread.join()
