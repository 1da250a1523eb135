"""The search itself: Optuna suggests, candidates race over the common seeds, every trial is kept in SQLite."""

from __future__ import annotations

import hashlib
import sqlite3
import warnings
from dataclasses import asdict, dataclass
from statistics import fmean
from typing import TYPE_CHECKING

from counterprompt.errors import InvalidInputError
from counterprompt.search.candidate import BASELINE, Candidate, candidate_from_json, candidate_to_json
from counterprompt.search.objective import ComponentDeltas, Objective, mean_deltas
from counterprompt.search.parallel import PendingTrial, SearchLimits, run_in_parallel
from counterprompt.search.racing import is_losing, seed_blocks
from counterprompt.search.starts import starting_params

if TYPE_CHECKING:
    from pathlib import Path

    from optuna import Study
    from optuna.samplers import TPESampler
    from optuna.trial import FrozenTrial, Trial

    from counterprompt.search.evaluation import Evaluator
    from counterprompt.search.space import SearchSpace


STAGE = "search"
STALE_TRIALS = 25
"""The search ends after so many trials in a row that asked for no new picture: the space is used up."""

_STUDY_NAME = "counterprompt"


@dataclass(frozen=True)
class SearchTrial:
    """One finished trial."""

    number: int
    """Optuna's number; 0 is the baseline."""
    candidate: Candidate
    """What was tried."""
    params: dict[str, float]
    """The trial's parameters, as Optuna keeps them."""
    deltas: tuple[ComponentDeltas, ...]
    """Differences from the baseline on the search seeds, in order; fewer than all where the candidate lost the race."""

    pictures: int
    """Pictures the study had asked for when the trial was finished."""

    @property
    def value(self) -> float:
        """The objective value: the mean of the totals so far."""
        return fmean(delta.total for delta in self.deltas)


class SearchStage:
    """Runs trials until the pictures set aside for the search are used up."""

    def __init__(
        self, evaluator: Evaluator, objective: Objective, space: SearchSpace, seeds: tuple[int, ...], search_seed: int
    ) -> None:
        self._evaluator = evaluator
        self._objective = objective
        self._space = space
        self._seeds = seeds
        self._search_seed = search_seed
        self._starts = starting_params(space, evaluator.baseline)
        self._begun: set[int] = set()

    def run(self, database: Path, picture_limit: int) -> list[SearchTrial]:
        """Run new trials, after those already in *database*, while one more fits into *picture_limit* pictures.

        Raises:
            StoppedError: the listener asked to stop; finished trials and scored pictures are kept.
        """
        from optuna.trial import TrialState

        study = open_optuna_study(database)
        trials: list[SearchTrial] = []
        stale = 0
        for frozen in study.get_trials(deepcopy=False, states=(TrialState.COMPLETE,)):
            before = self._evaluator.pictures
            trials.append(self._replay(frozen))
            stale = stale + 1 if self._evaluator.pictures == before else 0
        if self._evaluator.is_shared:
            limits = SearchLimits(STAGE, picture_limit, len(self._seeds), STALE_TRIALS)
            return run_in_parallel(self, self._evaluator, study, trials, limits)
        while stale < STALE_TRIALS and self._evaluator.pictures + len(self._seeds) <= picture_limit:
            before = self._evaluator.pictures
            trials.append(self._run_trial(study, trials))
            stale = stale + 1 if self._evaluator.pictures == before else 0
        return trials

    def _run_trial(self, study: Study, trials: list[SearchTrial]) -> SearchTrial:
        pending = self.begin(study)
        while (finished := self.settle(study, pending, trials)) is None:
            pass
        return finished

    def begin(self, study: Study) -> PendingTrial:
        """Take up the trial that was interrupted, or ask for the next one; nothing is generated yet."""
        trial = self._next_trial(study)
        attribute = trial.user_attrs.get("candidate")
        if attribute is None:
            suggested = self._space.suggest_candidate(trial, self._evaluator.baseline)
            candidate = suggested if trial.number else BASELINE
            trial.set_user_attr("candidate", candidate_to_json(candidate))
        else:
            candidate = candidate_from_json(attribute)
        return PendingTrial(trial, candidate, seed_blocks(self._seeds, self._evaluator.batch_size)[0])

    def settle(self, study: Study, pending: PendingTrial, trials: list[SearchTrial]) -> SearchTrial | None:
        """Judge *pending* by its seeds, generating what is missing; tell Optuna, or name more seeds and return None."""
        deltas = self._evaluator.deltas(self._objective, pending.candidate, pending.seeds, STAGE)
        if len(deltas) < len(self._seeds) and not self._is_lost(deltas, trials):
            blocks = seed_blocks(self._seeds, self._evaluator.batch_size)
            ends = [sum(map(len, blocks[: at + 1])) for at in range(len(blocks))]
            pending.seeds = self._seeds[: next(end for end in ends if end > len(deltas))]
            return None
        trial = pending.trial
        trial.set_user_attr("seeds", len(deltas))
        trial.set_user_attr("components", asdict(mean_deltas(deltas)))
        finished = SearchTrial(
            trial.number, pending.candidate, dict(trial.params), tuple(deltas), self._evaluator.pictures
        )
        study.tell(trial, finished.value)
        best = max([finished, *trials], key=lambda each: (len(each.deltas), each.value))
        self._evaluator.note = f"trial {trial.number}, best so far {best.value:+.2f}"
        return finished

    def _is_lost(self, deltas: list[ComponentDeltas], trials: list[SearchTrial]) -> bool:
        complete = [each for each in trials if len(each.deltas) == len(self._seeds)]
        incumbent = max(complete, key=lambda each: each.value, default=None)
        return incumbent is not None and is_losing(_totals(deltas), _totals(incumbent.deltas))

    def _next_trial(self, study: Study) -> Trial:
        """Return the trial that was interrupted, or ask for the next one.

        The search sampler is seeded anew for each trial, from the plan's seed and the trial's number: its own random
        state is not stored, and a resumed study must suggest what an uninterrupted one would.
        """
        from optuna.trial import Trial, TrialState

        for frozen in study.get_trials(deepcopy=False, states=(TrialState.RUNNING,)):
            if frozen.number in self._begun:
                continue
            self._begun.add(frozen.number)
            study.sampler = search_sampler(self._search_seed, frozen.number)
            return Trial(study, frozen._trial_id)
        number = sum(trial.state is not TrialState.WAITING for trial in study.get_trials(deepcopy=False))
        study.sampler = search_sampler(self._search_seed, number)
        if number < len(self._starts) and not study.get_trials(deepcopy=False, states=(TrialState.WAITING,)):
            study.enqueue_trial(self._starts[number])
        trial = study.ask()
        self._begun.add(trial.number)
        return trial

    def _replay(self, frozen: FrozenTrial) -> SearchTrial:
        candidate = candidate_from_json(frozen.user_attrs["candidate"])
        seeds = self._seeds[: frozen.user_attrs["seeds"]]
        deltas = self._evaluator.deltas(self._objective, candidate, seeds, STAGE)
        return SearchTrial(frozen.number, candidate, dict(frozen.params), tuple(deltas), self._evaluator.pictures)


def _totals(deltas: list[ComponentDeltas] | tuple[ComponentDeltas, ...]) -> list[float]:
    return [delta.total for delta in deltas]


def open_optuna_study(database: Path) -> Study:
    """Open the Optuna study in the SQLite file *database*, creating both where they are missing.

    Raises:
        InvalidInputError: the file is damaged, or cannot be written.
    """
    import optuna
    from sqlalchemy.exc import SQLAlchemyError

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(database, timeout=30, check_same_thread=False)
        # A killed program loses nothing by this; after a power cut the trials can be found again from the scores.
        connection.execute("PRAGMA synchronous = OFF")
        return connection

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    try:
        storage = optuna.storages.RDBStorage("sqlite:///trials", engine_kwargs={"creator": connect})
        return optuna.create_study(storage=storage, study_name=_STUDY_NAME, direction="maximize", load_if_exists=True)
    except (sqlite3.Error, SQLAlchemyError, optuna.exceptions.OptunaError) as error:
        raise InvalidInputError(
            f"The list of trials {database} is damaged; delete it and resume: no score is lost."
        ) from error


def search_sampler(search_seed: int, trial_number: int) -> TPESampler:
    """Return the search sampler of one trial: multivariate TPE that knows conditional parameters."""
    from optuna.samplers import TPESampler

    digest = hashlib.sha256(f"{search_seed}:{trial_number}".encode()).digest()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # group and multivariate are marked experimental
        return TPESampler(
            seed=int.from_bytes(digest[:4], "big"),
            multivariate=True,
            group=True,
            constant_liar=True,
            n_startup_trials=12,
        )
