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
    from collections.abc import Callable, Iterator, Sequence

    from counterprompt.ports import ImageGenerator, ProgressListener, Scorer
    from counterprompt.search.orders import Order
    from counterprompt.search.work_queue import WorkQueue

STAGE = "working"

MOST_FAULTS = 3
"""So many orders in a row may fail before the worker gives up."""

_SHORTEST_PAUSE_S, _LONGEST_PAUSE_S, _PAUSE_GROWTH = 0.02, 2.0, 1.4


class Patience:
    """How long a worker without work waits: about a third of the time for which it has had none."""

    def __init__(self) -> None:
        self._next_s = _SHORTEST_PAUSE_S

    def next_s(self) -> float:
        """Return the seconds to wait now; the next wait is longer."""
        now_s = self._next_s
        self._next_s = min(_LONGEST_PAUSE_S, _PAUSE_GROWTH * now_s)
        return now_s


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
        self._known: Sequence[str] | None = getattr(scorer, "defects", None)
        self._progress = progress
        self._pause = pause
        self._pictures = self._faults = 0

    def run(self) -> int:
        """Work until the study has ended or *progress* asks to stop; return how many pictures were handed in.

        An order in hand when the program is interrupted goes back at once; one in hand when it is killed goes to
        another worker after the study's time of grace.

        Raises:
            CounterpromptError: three orders in a row failed; it is what the last one failed with.
        """
        patience = Patience()
        while not self._progress.is_stop_requested():
            if self.step() is not None:
                patience = Patience()
            elif self.is_wanted:
                self._pause(patience.next_s())
            else:
                break
        return self._pictures

    @property
    def is_wanted(self) -> bool:
        """Whether the study had not ended at the last `step`."""
        return self._queue.is_open

    def step(self) -> int | None:
        """Do one order; return how many pictures were handed in, None where no order waits.

        Raises:
            CounterpromptError: three orders in a row failed; it is what the last one failed with.
        """
        taken = self._queue.take()
        if taken is None:
            return None
        fault = self._fulfil(*taken)
        self._faults = self._faults + 1 if fault else 0
        if fault and self._faults >= MOST_FAULTS:
            raise fault
        done = 0 if fault else len(taken[1].seeds)
        self._pictures += done
        self._progress.advance(STAGE, self._pictures, 0, str(fault or ""))
        return done

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
        return Measured(order.requests, tuple(only_probes(scores, self._queue.terms.probes, self._known)), images)

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
