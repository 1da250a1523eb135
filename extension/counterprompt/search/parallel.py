"""Several trials at a time, as many as the workers of a study can take."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from optuna import Study
    from optuna.trial import Trial

    from counterprompt.search.candidate import Candidate
    from counterprompt.search.evaluation import Evaluator

Finished = TypeVar("Finished")


@dataclass(frozen=True)
class SearchLimits:
    """How long a search goes on."""

    stage: str
    """What progress calls it."""
    pictures: int
    """Most pictures for the study so far and the search."""
    seeds_per_trial: int
    """Most pictures of one trial."""
    stale_trials: int
    """It ends after so many trials in a row that asked for no new picture."""


@dataclass
class PendingTrial:
    """A trial that has begun and has not been told."""

    trial: Trial
    """Optuna's."""
    candidate: Candidate
    """What it tries."""
    seeds: tuple[int, ...]
    """The seeds whose pictures are needed before it can be judged."""


class TrialSteps(Protocol[Finished]):
    """The two ends of a trial; between them its pictures are made."""

    def begin(self, study: Study) -> PendingTrial:
        """Begin a trial; nothing is generated yet."""
        ...

    def settle(self, study: Study, pending: PendingTrial, trials: list[Finished]) -> Finished | None:
        """Judge *pending*, or name more seeds and return None; every picture of its seeds is recorded."""
        ...


def run_in_parallel(
    steps: TrialSteps[Finished], evaluator: Evaluator, study: Study, trials: list[Finished], limits: SearchLimits
) -> list[Finished]:
    """Run trials within *limits*, after those in *trials*, which have finished already; return them all.

    New trials begin while the evaluator has room, so that no worker waits for another; they are judged as their
    pictures arrive. Each begins without knowing the outcome of those that run beside it, and which these are is chance:
    the same plan need not give the same trials again.

    Raises:
        StoppedError: the listener asked to stop; finished trials and scored pictures are kept.
    """
    pending: list[PendingTrial] = []
    trials = list(trials)
    stale = 0
    while True:
        while (evaluator.room or not pending) and stale < limits.stale_trials:
            if evaluator.pictures + (len(pending) + 1) * limits.seeds_per_trial > limits.pictures:
                break
            begun = steps.begin(study)
            stale = 0 if evaluator.order(begun.candidate, begun.seeds) else stale + 1
            pending.append(begun)
        if not pending:
            return trials
        settled = [(each, _settled(steps, evaluator, study, each, trials)) for each in pending]
        trials += [finished for _, finished in settled if finished is not None]
        pending = [each for each, finished in settled if finished is None]
        if len(pending) == len(settled):
            evaluator.refuse_if_stopped()
            evaluator.take_in(limits.stage)


def _settled(
    steps: TrialSteps[Finished], evaluator: Evaluator, study: Study, pending: PendingTrial, trials: list[Finished]
) -> Finished | None:
    """Judge *pending* as far as its pictures have arrived, and order those that it asks for."""
    while evaluator.is_recorded(pending.candidate, pending.seeds):
        finished = steps.settle(study, pending, trials)
        if finished is not None:
            return finished
        evaluator.order(pending.candidate, pending.seeds)
    return None
