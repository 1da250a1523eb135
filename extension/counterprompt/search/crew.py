"""A study's workers as one source of scored pictures: the study asks, whoever is free draws."""

from __future__ import annotations

import time
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from counterprompt.errors import GeneratorError
from counterprompt.search.drawing import refuse_unusable
from counterprompt.search.order_trials import beat_of, fault_of, order_of
from counterprompt.search.orders import orders_for

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from optuna.trial import FrozenTrial
    from PIL import Image

    from counterprompt.ports import GenerationRequest, ImageGenerator
    from counterprompt.search.source import Measured
    from counterprompt.search.work_queue import WorkQueue

MOST_FAULTS = 3
"""So often an order may fail on workers before the study is told."""

_WORKERS_EXPECTED = 4
"""Until more are seen: the first order of a study comes before any worker has been."""

_SHORTEST_PAUSE_S, _LONGEST_PAUSE_S = 0.03, 0.1


@dataclass
class _Watch:
    """What the coordinator knows of an order that a worker has taken."""

    beat: int
    """The worker's count when it was last seen to change."""
    since: float
    """Seconds on the coordinator's clock when that was."""


class Crew:
    """Implements `search.source.PictureSource`, and `ImageGenerator` as far as names go: pictures come with scores."""

    def __init__(
        self,
        queue: WorkQueue,
        generator: ImageGenerator,
        *,
        clock: Callable[[], float] = time.monotonic,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        """Take up what an earlier run of the study ordered.

        Args:
            queue: the study's.
            generator: the coordinator's own; it is only asked for its name, its LoRAs and its batch size.
            clock: tells seconds.
            pause: waits for so many seconds.
        """
        self.name = f"{generator.name}, by workers"
        self.batch_size = max(1, generator.batch_size)
        self._queue = queue
        self._generator = generator
        self._clock = clock
        self._pause = pause
        self._pause_s = _SHORTEST_PAUSE_S
        self._taken_in: set[int] = set()
        self._watches: dict[int, _Watch] = {}
        self._faults: dict[GenerationRequest, int] = {}
        self._waiting = self._busy = self._most_busy = 0
        self._on_their_way: set[GenerationRequest] = set()
        self._take_up(queue.trials())

    @property
    def busy(self) -> int:
        """How many orders workers were at when last looked."""
        return self._busy

    @property
    def on_their_way(self) -> int:
        """How many pictures have been ordered and not been handed in."""
        return len(self._on_their_way)

    @property
    def room(self) -> int:
        """Some orders always wait, more the more workers there are, so that none of them has to."""
        return max(0, 2 + self._busy // 2 - self._waiting)

    def lora_names(self) -> frozenset[str] | None:
        """As the coordinator's own generator says."""
        return self._generator.lora_names()

    def generate(self, requests: Sequence[GenerationRequest]) -> list[Image.Image]:
        """Refuse: pictures stay where they were drawn, scores come back.

        Raises:
            GeneratorError: always.
        """
        raise GeneratorError("The workers of a study return scores, not pictures; use a generator of this machine.")

    def submit(self, requests: Sequence[GenerationRequest], keep: bool) -> None:
        """Order *requests*, but those that are on their way already."""
        fresh = [request for request in requests if request not in self._on_their_way]
        pieces = self._piece_count(len(fresh))
        cuts = [at * len(fresh) // pieces for at in range(pieces + 1)]
        orders = [order for start, end in pairwise(cuts) for order in orders_for(fresh[start:end], keep)]
        self._queue.put(orders)
        self._waiting += len(orders)
        self._on_their_way.update(fresh)

    def collect(self) -> list[Measured]:
        """Return what workers have handed in since the last call; wait up to 0.1 s where that is nothing.

        Raises:
            GeneratorError: an order failed `MOST_FAULTS` times, or the storage does not answer.
            ScorerError: a score is not a number.
        """
        trials = self._queue.trials()
        self._count(trials)
        found = []
        for trial in trials:
            if trial.state.is_finished() and trial._trial_id not in self._taken_in:
                self._taken_in.add(trial._trial_id)
                measured = self._queue.result(trial) if trial.state.name == "COMPLETE" else None
                if measured is None:
                    self._order_again(trial)
                else:
                    refuse_unusable(measured.scores, len(measured.requests), self._queue.terms.scorer)
                    self._on_their_way.difference_update(measured.requests)
                    found.append(measured)
            elif trial.state.name == "RUNNING":
                self._watch(trial)
        self._rest(bool(found))
        return found

    def close(self) -> None:
        """Send the workers home: the study has ended."""
        self._queue.close()

    def _piece_count(self, pictures: int) -> int:
        """Say into how many orders to cut *pictures*: none above a batch, and as many for each idle worker."""
        idle = max(1, max(self._most_busy, _WORKERS_EXPECTED) - self._busy - self._waiting)
        rounds = -(-pictures // (self.batch_size * idle))
        return max(1, min(pictures, rounds * idle))

    def _take_up(self, trials: Sequence[FrozenTrial]) -> None:
        for trial in trials:
            if trial.state.name == "FAIL" or (self._queue.had_ended and trial.state.is_finished()):
                self._taken_in.add(trial._trial_id)  # recorded, or the study will ask again for what it still needs
            else:
                self._on_their_way.update(order_of(trial).requests)
        self._count(trials)

    def _count(self, trials: Sequence[FrozenTrial]) -> None:
        self._waiting = sum(trial.state.name == "WAITING" for trial in trials)
        self._busy = sum(trial.state.name == "RUNNING" for trial in trials)
        self._most_busy = max(self._most_busy, self._busy)

    def _rest(self, has_news: bool) -> None:
        self._pause_s = _SHORTEST_PAUSE_S if has_news else min(_LONGEST_PAUSE_S, 2 * self._pause_s)
        if not has_news:
            self._pause(self._pause_s)

    def _order_again(self, trial: FrozenTrial) -> None:
        order = order_of(trial)
        count = self._faults[order.request] = self._faults.get(order.request, 0) + 1
        if count >= MOST_FAULTS:
            reason = fault_of(trial) or "its answer was damaged"
            raise GeneratorError(f"Workers failed {count} times over one picture, at last so: {reason}")
        self._queue.put([order])
        self._waiting += 1

    def _watch(self, trial: FrozenTrial) -> None:
        """Give an order back to the others when its worker has been silent for too long."""
        now, beat = self._clock(), beat_of(trial)
        watch = self._watches.get(trial._trial_id)
        if watch is None or watch.beat != beat:
            self._watches[trial._trial_id] = _Watch(beat, now)
        elif now - watch.since > self._queue.terms.grace_s:
            del self._watches[trial._trial_id]
            self._queue.give_back(trial._trial_id)
