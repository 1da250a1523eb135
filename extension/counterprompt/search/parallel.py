"""Several trials at a time, as many as the workers of a study can take."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from counterprompt.search.candidate import Candidate
    from counterprompt.search.evaluation import Evaluator
    from counterprompt.search.trial_file import TrialFile

Finished = TypeVar("Finished", covariant=True)


@dataclass(frozen=True)
class SearchLimits:
    """How long a search goes on."""

    stage: str
    """What progress calls it."""
    pictures: Callable[[], int]
    """Most pictures for the study so far and the search, as things stand."""
    seeds_per_trial: int
    """Most pictures of one trial."""
    stale_trials: int
    """It ends after so many trials in a row that asked for no new picture."""


@dataclass(frozen=True)
class PendingTrial:
    """A trial that has begun and is not finished."""

    number: int
    """Optuna's number."""
    candidate: Candidate
    """What it tries."""
    params: dict[str, float]
    """Its parameters, as Optuna keeps them."""
    seeds: tuple[int, ...]
    """The seeds whose pictures it is judged by."""


class TrialSteps(Protocol[Finished]):
    """The two ends of a trial; between them its pictures are made."""

    def begin(self, file: TrialFile) -> PendingTrial:
        """Begin a trial; nothing is generated yet."""
        ...

    def settle(self, file: TrialFile, pending: PendingTrial) -> Finished:
        """Judge *pending*; every picture of its seeds is recorded."""
        ...


def run_in_parallel(
    steps: TrialSteps[Finished], evaluator: Evaluator, file: TrialFile, limits: SearchLimits
) -> list[Finished]:
    """Run trials within *limits* and return them in the order in which they finished.

    New trials begin while the evaluator has room, so that no worker waits for another; they are judged as their
    pictures arrive. Each begins without knowing the outcome of those that run beside it, and which these are is chance:
    the same plan need not give the same trials again.

    Raises:
        StoppedError: the listener asked to stop; finished trials and scored pictures are kept.
    """
    pending: list[PendingTrial] = []
    finished: list[Finished] = []
    stale = 0
    while True:
        while (evaluator.room or not pending) and stale < limits.stale_trials:
            if evaluator.pictures + evaluator.awaited + limits.seeds_per_trial > limits.pictures():
                break
            begun = steps.begin(file)
            stale = 0 if evaluator.order(begun.candidate, begun.seeds) else stale + 1
            pending.append(begun)
        if not pending:
            return finished
        ready = [each for each in pending if evaluator.is_recorded(each.candidate, each.seeds)]
        finished += [steps.settle(file, each) for each in ready]
        pending = [each for each in pending if each not in ready]
        if not ready:
            evaluator.refuse_if_stopped()
            evaluator.take_in(limits.stage)
