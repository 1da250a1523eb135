"""Several runs at once, whose pictures are drawn together: small batches cost twice as much a picture."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from benchmarks.search.measurement import Measurement
    from benchmarks.search.world import World
    from counterprompt.ports import GenerationRequest

ENOUGH = 32
"""Pictures that are worth a batch, though some runs have not asked yet."""


@dataclass
class _Order:
    """What one run waits for."""

    requests: list[GenerationRequest]
    measured: list[Measurement] = field(default_factory=list)
    error: BaseException | None = None
    is_done: bool = False


class GatheringWorld:
    """A `World` for many threads: it draws when every thread waits, or when a full batch has been ordered."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._gate = threading.Condition()
        self._orders: list[_Order] = []
        self._threads = 0
        self._is_drawing = False

    @property
    def name(self) -> str:
        """The world's."""
        return self._world.name

    def measure(self, requests: Sequence[GenerationRequest]) -> list[Measurement]:
        """Order *requests* and wait until they are drawn, by this thread or by another."""
        order = _Order(list(requests))
        with self._gate:
            self._orders.append(order)
            while not order.is_done:
                if self._is_due():
                    self._draw_all()
                else:
                    self._gate.wait(timeout=5)
        if order.error is not None:
            raise order.error
        return order.measured

    def work(self, tasks: Sequence[Callable[[], Any]], threads: int) -> None:
        """Run all *tasks*, so many at a time; what one of them raises is raised at the end, the others go on."""
        waiting = list(reversed(tasks))
        errors: list[Exception] = []

        def loop() -> None:
            try:
                while waiting:
                    try:
                        waiting.pop()()
                    except Exception as error:  # the other runs are worth finishing
                        errors.append(error)
            finally:
                with self._gate:
                    self._threads -= 1
                    self._gate.notify_all()

        self._threads = threads
        workers = [threading.Thread(target=loop) for _ in range(threads)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        if errors:
            raise errors[0]

    def _is_due(self) -> bool:
        if self._is_drawing or not self._orders:
            return False
        return len(self._orders) >= self._threads or sum(len(each.requests) for each in self._orders) >= ENOUGH

    def _draw_all(self) -> None:
        """Draw everything ordered so far; the gate is open meanwhile."""
        orders, self._orders, self._is_drawing = self._orders, [], True
        self._gate.release()
        error: BaseException | None = None
        known: dict[GenerationRequest, Measurement] = {}
        try:
            wanted = list(dict.fromkeys(request for each in orders for request in each.requests))
            known = dict(zip(wanted, self._world.measure(wanted)))
        except BaseException as problem:  # whoever waits must hear of it
            error = problem
        finally:
            self._gate.acquire()
            self._is_drawing = False
            for each in orders:
                each.error, each.is_done = error, True
                each.measured = [] if error else [known[request] for request in each.requests]
            self._gate.notify_all()
