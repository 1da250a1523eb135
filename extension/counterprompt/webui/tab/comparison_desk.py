"""Compares prompts in the background, one comparison at a time, so that a page may be left meanwhile."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from counterprompt.errors import CounterpromptError, InvalidInputError, StoppedError
from counterprompt.webui.tab.limits import MOST_SEEDS

if TYPE_CHECKING:
    from counterprompt.search.comparison_result import Comparison
    from counterprompt.webui.study_run import StudyWorkplace

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class ComparisonStatus:
    """Where the comparison stands."""

    state: Literal["none", "running", "done", "stopped", "failed"] = "none"
    """Before the first one it is "none"."""
    done: int = 0
    """Pictures drawn."""
    total: int = 0
    """Pictures planned at most."""
    message: str = ""
    """What went wrong, or a remark."""
    advised: str = ""
    """What was advised without drawing: "embedded", "reverse" or "merge"."""
    found: Comparison | None = None
    """What was found, in the state "done"."""


class ComparisonDesk:
    """Runs one comparison at a time in a thread of its own; it hears of its progress itself."""

    def __init__(self, workplace: Callable[[], StudyWorkplace]) -> None:
        self._workplace = workplace
        self._lock = threading.Lock()
        self._status = ComparisonStatus()
        self._is_stopping = False

    @property
    def status(self) -> ComparisonStatus:
        """Where the latest comparison stands."""
        return self._status

    def start(self, picture: bytes, goal: str, seeds: int) -> None:
        """Begin to compare the prompts of *picture* for *goal* on at most *seeds* fresh seeds, 4 to 64.

        Raises:
            InvalidInputError: one is running already, or the number of seeds is out of range.
        """
        if not 4 <= seeds <= MOST_SEEDS:
            raise InvalidInputError(f"{seeds} seeds cannot be compared on; give 4 to {MOST_SEEDS}.")
        with self._lock:
            if self._status.state == "running":
                raise InvalidInputError("A comparison is running already; stop it or wait for its end.")
            self._status = ComparisonStatus("running")
            self._is_stopping = False
        threading.Thread(
            target=self._run, args=(picture, goal, seeds), name="counterprompt-comparison", daemon=True
        ).start()

    def stop(self) -> None:
        """End it after the batch in hand; what was drawn by then is told."""
        self._is_stopping = True

    def advance(self, stage: str, done: int, total: int, note: str = "") -> None:
        """Hear how far it is."""
        if stage == "comparison":
            self._status = replace(self._status, done=done, total=total)

    def is_stop_requested(self) -> bool:
        """Whether it is to end."""
        return self._is_stopping

    def _run(self, picture: bytes, goal: str, seeds: int) -> None:
        try:
            self._compare(picture, goal, seeds)
        except StoppedError as error:
            self._status = replace(self._status, state="stopped", message=str(error))
        except CounterpromptError as error:
            self._status = replace(self._status, state="failed", message=str(error))
        except Exception as error:  # a thread's fault would be seen by nobody
            _log.exception("A comparison failed")
            said = f"It broke inside ({type(error).__name__}: {str(error)[:300]}); the console says more."
            self._status = replace(self._status, state="failed", message=said)

    def _compare(self, picture: bytes, goal: str, seeds: int) -> None:
        # Loaded with the first comparison: a host's start waits for every module that the tab imports.
        from counterprompt.bootstrap.comparisons import prepare_comparison
        from counterprompt.bootstrap.generators import HOST, GeneratorChoice
        from counterprompt.report.answers import choice_of
        from counterprompt.workflow.baseline import TuneChoices
        from counterprompt.workflow.comparing import compare

        choice = GeneratorChoice(HOST)
        with closing(self._workplace()) as workplace:
            prepared = prepare_comparison(picture, goal, choice, workplace.generator, workplace.settings, self)
            advised = choice_of(prepared.story.advice)
            found = compare(prepared.story, prepared.comparer, TuneChoices(), goal=goal, seeds=seeds)
        remarks = "\n".join(prepared.remarks)
        self._status = replace(self._status, state="done", found=found, advised=advised, message=remarks)
