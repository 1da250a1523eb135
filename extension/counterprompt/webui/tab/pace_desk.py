"""Measures how long a picture takes here, before a study is started: a few are drawn and scored in the background."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from counterprompt.errors import CounterpromptError, InvalidInputError
from counterprompt.search.picture_cost import Drawing, PictureCost
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

            with closing(self._workplace()) as workplace:
                cost = measured_cost(workplace.generator, load_scorer(workplace.settings), request)
            self.status = PaceStatus(pace=Pace(cost))
        except CounterpromptError as error:
            self.status = replace(self.status, is_measuring=False, fault=str(error))
        except Exception as error:  # a thread's fault would be seen by nobody
            _log.exception("The pace could not be measured")
            said = f"It broke inside ({type(error).__name__}: {str(error)[:300]}); the console says more."
            self.status = replace(self.status, is_measuring=False, fault=said)


def measured_cost(
    generator: ImageGenerator, scorer: Scorer, request: GenerationRequest, clock: Callable[[], float] = time.monotonic
) -> PictureCost:
    """Return what one picture costs, drawn and scored, in a batch.

    One picture alone warms everything up; where that is slow, it is the measure.

    Raises:
        GeneratorError: the generator failed.
        ScorerError: the scorer failed.
    """

    def cost(count: int) -> PictureCost:
        began = clock()
        wanted = [replace(request, seed=(request.seed + step) % 2**32) for step in range(count)]
        images = generator.generate(wanted)
        drawing_s = (clock() - began) / count
        scorer.score(images, request.prompt)
        return PictureCost(max(1e-6, (clock() - began) / count), drawing_s, Drawing.of(request))

    first = cost(1)
    return first if first.seconds > SLOW_S else cost(max(1, generator.batch_size))
