"""The search itself: Optuna asks our sampler, a candidate gets two seeds at a time, every trial is kept in SQLite."""

from __future__ import annotations

import sqlite3
from dataclasses import asdict, dataclass
from statistics import fmean
from typing import TYPE_CHECKING

from counterprompt.errors import InvalidInputError
from counterprompt.search.candidate import BASELINE, Candidate, candidate_from_json, candidate_to_json
from counterprompt.search.objective import PICTURES, ComponentDeltas, Objective, mean_deltas, pictures_of
from counterprompt.search.parallel import PendingTrial, SearchLimits, run_in_parallel
from counterprompt.search.standings import StandingsListener, Tried, standings_of
from counterprompt.search.starts import starting_params

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from optuna import Study
    from optuna.trial import FrozenTrial, Trial

    from counterprompt.search.evaluation import Evaluator
    from counterprompt.search.space import SearchSpace
    from counterprompt.search.surrogate.sampler import EffectSampler


STAGE = "search"
SEEDS_PER_TRIAL = 2
"""Seeds that a candidate runs on before the sampler may turn to another: with effects pooled over candidates, many
candidates on few seeds tell more than few on many; one that stays promising comes back for further seeds."""

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
    seeds: tuple[int, ...]
    """The search seeds it ran on."""
    deltas: tuple[ComponentDeltas, ...]
    """Differences from the baseline on each of them."""
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
        from counterprompt.search.surrogate.sampler import EffectSampler

        self.sampler: EffectSampler = EffectSampler(space, evaluator.baseline, seeds, search_seed)
        self._evaluator = evaluator
        self._objective = objective
        self._space = space
        self._seeds = seeds
        self._starts = starting_params(space, evaluator.baseline)
        self._tried: dict[tuple[str, str, float], set[int]] = {}
        self._begun: set[int] = set()

    def run(self, database: Path, picture_limit: int) -> list[SearchTrial]:
        """Run new trials, after those already in *database*, while one more fits into *picture_limit* pictures.

        Raises:
            StoppedError: the listener asked to stop; finished trials and scored pictures are kept.
        """
        from optuna.trial import TrialState

        study = open_optuna_study(database)
        study.sampler = self.sampler
        trials: list[SearchTrial] = []
        stale = 0
        for frozen in study.get_trials(deepcopy=False, states=(TrialState.COMPLETE,)):
            before = self._evaluator.pictures
            trials.append(self._replay(frozen))
            stale = stale + 1 if self._evaluator.pictures == before else 0
        if self._evaluator.is_shared:
            limits = SearchLimits(STAGE, picture_limit, SEEDS_PER_TRIAL, STALE_TRIALS)
            trials += sorted(run_in_parallel(self, self._evaluator, study, limits), key=lambda each: each.number)
        while stale < STALE_TRIALS and self._evaluator.pictures + SEEDS_PER_TRIAL <= picture_limit:
            before = self._evaluator.pictures
            trials.append(self.settle(study, self.begin(study)))
            self._tell_standings(trials)
            stale = stale + 1 if self._evaluator.pictures == before else 0
        self.sampler.learn(study.get_trials(deepcopy=False, states=(TrialState.COMPLETE,)))
        return trials

    def _tell_standings(self, trials: Sequence[SearchTrial]) -> None:
        listener, baseline = self._evaluator.progress, self._evaluator.baseline
        if isinstance(listener, StandingsListener):
            worth = self.believed(trials)
            tried = [Tried(each.candidate, each.seeds, value) for each, value in zip(trials, worth) if each.number]
            listener.hear_standings(baseline, standings_of(tried, baseline), trials[-1].pictures)

    def believed(self, trials: Sequence[SearchTrial]) -> list[float]:
        """Say what each of *trials* is worth by all pictures of the search, in units of the baseline's spread."""
        points = self.sampler.features.points([{**trial.params} for trial in trials])
        return [float(mean) if trial.number else 0.0 for trial, mean in zip(trials, self.sampler.expected(points)[0])]

    def begin(self, study: Study) -> PendingTrial:
        """Take up a trial that was interrupted, or ask for the next one; nothing is generated yet."""
        trial = self._next_trial(study)
        known = trial.user_attrs.get("candidate")
        if known is None:
            suggested = self._space.suggest_candidate(trial, self._evaluator.baseline)
            candidate = suggested if trial.number else BASELINE
            trial.set_user_attr("candidate", candidate_to_json(candidate))
        else:
            candidate = candidate_from_json(known)
        seeds = self._seeds_for(candidate, trial.number)
        if self._evaluator.is_shared:  # beside other trials the choice of seeds cannot be repeated
            seeds = tuple(trial.user_attrs.get("seeds", seeds))
            trial.set_user_attr("seeds", list(seeds))
        self._note_tried(candidate, seeds)
        return PendingTrial(trial, candidate, seeds)

    def settle(self, study: Study, pending: PendingTrial) -> SearchTrial:
        """Judge *pending* by its pictures, generating what is missing, and tell Optuna."""
        trial, candidate, seeds = pending.trial, pending.candidate, pending.seeds
        deltas = self._evaluator.deltas(self._objective, candidate, seeds, STAGE)
        trial.set_user_attr(PICTURES, pictures_of(seeds, deltas))
        trial.set_user_attr("components", asdict(mean_deltas(deltas)))
        finished = self._finished(trial.number, candidate, trial.params, seeds, deltas)
        study.tell(trial, finished.value)
        self._evaluator.note = f"trial {trial.number}, this one {finished.value:+.2f}"
        return finished

    def _next_trial(self, study: Study) -> Trial:
        """Return the trial that was interrupted, or ask for the next one.

        What the sampler proposes depends on the plan's seed, the trial's number and the finished trials alone, so that
        a resumed study proposes what an uninterrupted one would.
        """
        from optuna.trial import Trial, TrialState

        for frozen in study.get_trials(deepcopy=False, states=(TrialState.RUNNING,)):
            if frozen.number not in self._begun:
                self._begun.add(frozen.number)
                return Trial(study, frozen._trial_id)
        number = sum(trial.state is not TrialState.WAITING for trial in study.get_trials(deepcopy=False))
        if number < len(self._starts) and not study.get_trials(deepcopy=False, states=(TrialState.WAITING,)):
            study.enqueue_trial(self._starts[number])
        trial = study.ask()
        self._begun.add(trial.number)
        return trial

    def _seeds_for(self, candidate: Candidate, number: int) -> tuple[int, ...]:
        """Choose the seeds of a trial: all for the baseline, else the next ones that the candidate did not run on.

        Trials begin at different seeds, so that all seeds are used alike.
        """
        if number == 0:
            return self._seeds
        begin = number * SEEDS_PER_TRIAL % len(self._seeds)
        order = (*self._seeds[begin:], *self._seeds[:begin])
        tried = self._tried.get(self._evaluator.request_key(candidate), set())
        fresh = tuple(seed for seed in order if seed not in tried)
        return (fresh or order)[:SEEDS_PER_TRIAL]

    def _note_tried(self, candidate: Candidate, seeds: tuple[int, ...]) -> None:
        self._tried.setdefault(self._evaluator.request_key(candidate), set()).update(seeds)

    def _replay(self, frozen: FrozenTrial) -> SearchTrial:
        candidate = candidate_from_json(frozen.user_attrs["candidate"])
        seeds = tuple(int(picture[0]) for picture in frozen.user_attrs[PICTURES])
        deltas = self._evaluator.deltas(self._objective, candidate, seeds, STAGE)
        return self._finished(frozen.number, candidate, frozen.params, seeds, deltas)

    def _finished(
        self,
        number: int,
        candidate: Candidate,
        params: dict[str, float],
        seeds: tuple[int, ...],
        deltas: list[ComponentDeltas],
    ) -> SearchTrial:
        self._note_tried(candidate, seeds)
        return SearchTrial(number, candidate, dict(params), seeds, tuple(deltas), self._evaluator.pictures)


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
