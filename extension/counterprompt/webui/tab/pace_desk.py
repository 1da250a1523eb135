"""Measures how long a picture takes here, before a study is started: a few are drawn and scored in the background."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from counterprompt.errors import CounterpromptError, InvalidInputError
from counterprompt.webui.tab.budget_page import Pace

if TYPE_CHECKING:
    from counterprompt.ports import GenerationRequest, ImageGenerator, Scorer
    from counterprompt.webui.study_run import StudyWorkplace

SLOW_S: Final = 20.0
"""Seconds for one picture from which the first one is measure enough: nobody should wait for a whole batch more."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class PaceStatus:
    """What is known of the pace."""

    is_measuring: bool = False
    """Whether pictures are being drawn for it."""
    pace: Pace | None = None
    """What was measured last, None before."""
    fault: str = ""
    """Why it could not be measured, in one sentence."""


class PaceDesk:
    """Measures one pace at a time, in a thread of its own."""

    def __init__(self, workplace: Callable[[], StudyWorkplace]) -> None:
        self._workplace = workplace
        self._lock = threading.Lock()
        self.status = PaceStatus()
        """What is known."""

    def start(self, request: GenerationRequest) -> None:
        """Begin to measure how long *request* takes.

        Raises:
            InvalidInputError: that is being measured already.
        """
        with self._lock:
            if self.status.is_measuring:
                raise InvalidInputError("This is being measured already; wait for its end.")
            self.status = replace(self.status, is_measuring=True, fault="")
        threading.Thread(target=self._run, args=(request,), name="counterprompt-pace", daemon=True).start()

    def _run(self, request: GenerationRequest) -> None:
        try:
            from counterprompt.bootstrap.scorers import load_scorer

            workplace = self._workplace()
            seconds = measured_seconds(workplace.generator, load_scorer(workplace.settings), request)
            pace = Pace(seconds, request.steps, (request.width, request.height))
            self.status = PaceStatus(pace=pace)
        except CounterpromptError as error:
            self.status = replace(self.status, is_measuring=False, fault=str(error))
        except Exception as error:  # a thread's fault would be seen by nobody
            _log.exception("The pace could not be measured")
            said = f"It broke inside ({type(error).__name__}: {str(error)[:300]}); the console says more."
            self.status = replace(self.status, is_measuring=False, fault=said)


def measured_seconds(
    generator: ImageGenerator, scorer: Scorer, request: GenerationRequest, clock: Callable[[], float] = time.monotonic
) -> float:
    """Return the seconds that one picture takes, drawn and scored, in a batch.

    One picture alone warms everything up; where that is slow, it is the measure.

    Raises:
        GeneratorError: the generator failed.
        ScorerError: the scorer failed.
    """

    def seconds(count: int) -> float:
        began = clock()
        wanted = [replace(request, seed=(request.seed + step) % 2**32) for step in range(count)]
        scorer.score(generator.generate(wanted), request.prompt)
        return max(1e-6, (clock() - began) / count)

    first = seconds(1)
    return first if first > SLOW_S else seconds(max(1, generator.batch_size))
