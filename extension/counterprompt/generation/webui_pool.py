"""Generates with several WebUIs at once: one study, as many GPUs as there are hosts."""

from __future__ import annotations

import threading
import time
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from counterprompt.errors import GeneratorError, InvalidInputError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PIL import Image

    from counterprompt.ports import GenerationRequest, ImageGenerator

REST_S = 60.0
"""Seconds for which a host that failed is left alone, unless no other is left."""


@dataclass
class _Share:
    """What is still to do of one call, and what is done; every host's thread takes from it."""

    waiting: deque[tuple[int, list[GenerationRequest]]]
    """Index of the first request, and requests that follow each other."""
    pictures: dict[int, Image.Image] = field(default_factory=dict)
    """By index of the request."""
    faults: dict[int, GeneratorError] = field(default_factory=dict)
    """What each host failed with, first fault first."""


class WebuiPool:
    """An ImageGenerator over several others that draw alike; it spreads requests and does without one that fails."""

    def __init__(
        self,
        hosts: Sequence[ImageGenerator],
        *,
        rest_s: float = REST_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Spread over *hosts*, which have the same models; nothing is sent yet.

        Args:
            hosts: at least one.
            rest_s: seconds for which a host that failed is left alone, unless no other is left.
            clock: tells seconds.

        Raises:
            InvalidInputError: there is no host.
        """
        if not hosts:
            raise InvalidInputError("There is no WebUI to draw with; give the address of one or more.")
        self._hosts = tuple(hosts)
        self._rest_s = rest_s
        self._clock = clock
        self._back_at: dict[int, float] = {}
        self._lock = threading.Lock()

    @property
    def hosts(self) -> tuple[ImageGenerator, ...]:
        """Those it spreads over."""
        return self._hosts

    @property
    def name(self) -> str:
        """What it is, for reports."""
        return " + ".join(host.name for host in self._hosts)

    @property
    def batch_size(self) -> int:
        """As many as all hosts take together, those that rest too, so that it does not change during a study."""
        return sum(max(1, host.batch_size) for host in self._hosts)

    def lora_names(self) -> frozenset[str] | None:
        """Name the LoRAs that every host can load; hosts that cannot tell are not counted, None where none can.

        Raises:
            GeneratorError: a host cannot be reached.
        """
        told = [names for names in (host.lora_names() for host in self._hosts) if names is not None]
        return frozenset.intersection(*told) if told else None

    def generate(self, requests: Sequence[GenerationRequest]) -> list[Image.Image]:
        """Generate one RGB picture per request, in order, each by the first host that is free for it.

        Raises:
            GeneratorError: every host failed; it says what the first one failed with.
        """
        share = _Share(deque(self._pieces(requests)))
        while share.waiting:
            ready = self._ready(share)
            if not ready:
                raise next(iter(share.faults.values()))
            with ThreadPoolExecutor(len(ready), "webui") as threads:
                list(threads.map(lambda at: self._work(at, share), ready))
        return [share.pictures[index] for index in range(len(requests))]

    def _ready(self, share: _Share) -> list[int]:
        """Name the hosts to ask: those that rested and did not fail this call, else those that only did not fail it."""
        left = [at for at in range(len(self._hosts)) if at not in share.faults]
        return [at for at in left if at in self._rested()] or left

    def _rested(self) -> list[int]:
        now = self._clock()
        return [at for at in range(len(self._hosts)) if self._back_at.get(at, now) <= now]

    def _pieces(self, requests: Sequence[GenerationRequest]) -> list[tuple[int, list[GenerationRequest]]]:
        """Cut *requests* so that every rested host gets its share, no piece larger than a host's batch."""
        even = -(-len(requests) // max(1, len(self._rested())))
        size = max(1, min([even, *(max(1, host.batch_size) for host in self._hosts)]))
        return [(start, list(requests[start : start + size])) for start in range(0, len(requests), size)]

    def _work(self, at: int, share: _Share) -> None:
        """Let one host take pieces until none is waiting or it fails; what it fails at, another takes."""
        while True:
            try:
                start, piece = share.waiting.popleft()
            except IndexError:
                return
            try:
                pictures = self._drawn(at, piece)
            except GeneratorError as error:
                share.faults[at] = error
                share.waiting.append((start, piece))
                with self._lock:
                    self._back_at[at] = self._clock() + self._rest_s
                return
            share.pictures.update(enumerate(pictures, start))

    def _drawn(self, at: int, piece: list[GenerationRequest]) -> list[Image.Image]:
        pictures = self._hosts[at].generate(piece)
        if len(pictures) != len(piece):
            raise GeneratorError(
                f"{self._hosts[at].name} returned {len(pictures)} pictures for {len(piece)} requests; "
                "look at its console."
            )
        with self._lock:
            self._back_at.pop(at, None)
        return pictures
