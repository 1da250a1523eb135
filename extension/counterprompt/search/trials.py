"""The search itself: Optuna's study asks our sampler, a candidate gets two seeds at a time, every trial is kept."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from counterprompt.search.candidate import BASELINE, candidate_from_json, candidate_to_json
from counterprompt.search.lookout import FOUND, Lookout
from counterprompt.search.objective import PICTURES, ComponentDeltas, Objective, mean_deltas, pictures_of
from counterprompt.search.parallel import PendingTrial, SearchLimits, run_in_parallel
from counterprompt.search.search_trial import SearchTrial
from counterprompt.search.seed_turns import SEEDS_PER_TRIAL, SeedTurns
from counterprompt.search.standings import StandingsListener, Tried, standings_of
from counterprompt.search.starts import starting_params
from counterprompt.search.trial_file import TrialFile

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from optuna.trial import FrozenTrial

    from counterprompt.search.evaluation import Evaluator
    from counterprompt.search.settled import SettledRule
    from counterprompt.search.space import SearchSpace
    from counterprompt.search.surrogate.sampler import EffectSampler

STAGE = "search"
STALE_TRIALS = 25
"""The search ends after so many trials in a row that asked for no new picture: the space is used up."""


class SearchStage:
    """Runs trials until the pictures set aside for the search are used up."""

    def __init__(
        self, evaluator: Evaluator, objective: Objective, space: SearchSpace, seeds: tuple[int, ...], search_seed: int
    ) -> None:
        from counterprompt.search.surrogate.expectations import expected_reliefs, own_luck
        from counterprompt.search.surrogate.sampler import EffectSampler

        own = evaluator.scores(BASELINE, seeds, STAGE)
        reliefs, levels = expected_reliefs(own, objective), own_luck(seeds, own, objective)
        self.sampler: EffectSampler = EffectSampler(space, evaluator.baseline, seeds, search_seed, reliefs, levels)
        self._evaluator, self._objective, self.space = evaluator, objective, space
        self._starts = starting_params(space, evaluator.baseline, evaluator.budget)
        self._turns = SeedTurns(seeds)
        self._begun: set[int] = set()
        self.before_trial: Callable[[TrialFile], None] | None = None
        self.lookout: Lookout | None = None
        self.after_widening: Callable[[], None] | None = None
        self.found: tuple[str, ...] = ()
        self._keeps_all = evaluator.keeps_all

    def run(
        self, database: Path, picture_limit: Callable[[], int], rule: SettledRule | None = None
    ) -> list[SearchTrial]:
        """Run new trials, after those already in *database*, while one more fits into what *picture_limit* says.

        Where there is a *rule*, the search also ends when that says so.

        Raises:
            StoppedError: the listener asked to stop; finished trials and scored pictures are kept.
        """
        file = TrialFile(database)
        file.study.sampler = self.sampler

        def limit() -> int:
            return 0 if rule is not None and rule.look(file) else picture_limit()

        trials: list[SearchTrial] = []
        stale = 0
        for frozen in file.finished():
            before = self._evaluator.pictures
            trials.append(self._replay(frozen))
            stale = stale + 1 if self._evaluator.pictures == before else 0
        if self._evaluator.is_shared:
            limits = SearchLimits(STAGE, limit, SEEDS_PER_TRIAL, STALE_TRIALS)
            trials += sorted(run_in_parallel(self, self._evaluator, file, limits), key=lambda each: each.number)
        while stale < STALE_TRIALS and self._evaluator.pictures + SEEDS_PER_TRIAL <= limit():
            before = self._evaluator.pictures
            trials.append(self.settle(file, self.begin(file)))
            self._tell_standings(trials)
            stale = stale + 1 if self._evaluator.pictures == before else 0
        if self._evaluator.is_shared:  # workers end trials in any order, and a study that is run again learns in theirs
            self._start_over()
        self.sampler.learn(file.finished())
        self.sampler.model.compare_views()
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

    def begin(self, file: TrialFile) -> PendingTrial:
        """Take up a trial that was interrupted, or begin the next one; nothing is generated yet."""
        if self.before_trial is not None:
            self.before_trial(file)
        for frozen in file.running():
            if frozen.number not in self._begun:
                self._recall_look(frozen)
                return self._pending(frozen)
        return self._pending(self._begin_next(file))

    def settle(self, file: TrialFile, pending: PendingTrial) -> SearchTrial:
        """Judge *pending* by its pictures, generating what is missing, and tell Optuna."""
        candidate, seeds = pending.candidate, pending.seeds
        deltas = self._evaluator.deltas(self._objective, candidate, seeds, STAGE)
        finished = self._finished(pending, deltas)
        notes = {PICTURES: pictures_of(seeds, deltas), "components": asdict(mean_deltas(deltas))}
        file.finish(pending.number, finished.value, notes)
        self._evaluator.note = f"trial {pending.number}, this one {finished.value:+.2f}"
        return finished

    def _begin_next(self, file: TrialFile) -> FrozenTrial:
        """Begin the next trial.

        What the sampler proposes depends on the plan's seed, the trial's number and the finished trials alone, so that
        a resumed study proposes what an uninterrupted one would.
        """
        from optuna.trial import FixedTrial

        number = file.next_number
        found = self._look_again(file)
        fixed = FixedTrial(self._starts[number] if number < len(self._starts) else file.propose(), number)
        suggested = self.space.suggest_candidate(fixed, self._evaluator.baseline)
        candidate = suggested if number else BASELINE
        notes: dict[str, Any] = {"candidate": candidate_to_json(candidate), **found}
        if self._evaluator.is_shared:  # beside other trials the choice of seeds cannot be repeated
            notes["seeds"] = list(self._turns.next_for(self._evaluator.request_key(candidate), number))
        return file.begin(fixed.params, fixed.distributions, notes)

    def _look_again(self, file: TrialFile) -> dict[str, list[str]]:
        """Look at the best pictures where it is time to, and search what was found too; return it to be noted."""
        lookout = self.lookout
        if lookout is None:
            return {}
        found = {}
        if lookout.is_due:
            trials = file.finished()
            terms = lookout.look(self.space, self.sampler, trials)
            self._widen(terms)
            self.sampler.learn(trials)
            found = {FOUND: list(terms)}
        self._evaluator.keeps_all = self._keeps_all or lookout.wants_pictures
        return found

    def _widen(self, terms: Sequence[str]) -> None:
        """Search *terms* too from now on; what was learned is told anew by the next proposal."""
        if terms:
            self.found = (*self.found, *terms)
            self.space = self.space.with_dynamic_terms(terms)
            self._start_over()

    def _start_over(self) -> None:
        """Forget what was learned of trials."""
        self.sampler.widen(self.space)
        if self.after_widening is not None:
            self.after_widening()

    def recall(self, file: TrialFile) -> None:
        """Search from here on all that earlier looks have found; nothing is drawn."""
        for frozen in (*file.finished(), *file.running()):
            self._recall_look(frozen)

    def _recall_look(self, frozen: FrozenTrial) -> None:
        """Search from here on what was found before the trial *frozen* began, in this run or an earlier one."""
        if FOUND in frozen.user_attrs and frozen.number not in self._begun:
            self._widen(frozen.user_attrs[FOUND])
            if self.lookout is not None:
                self.lookout.looks += 1

    def _pending(self, frozen: FrozenTrial) -> PendingTrial:
        candidate = candidate_from_json(frozen.user_attrs["candidate"])
        key = self._evaluator.request_key(candidate)
        seeds = tuple(frozen.user_attrs.get("seeds") or self._turns.next_for(key, frozen.number))
        self._begun.add(frozen.number)
        self._turns.note(key, seeds)
        return PendingTrial(frozen.number, candidate, dict(frozen.params), seeds)

    def _replay(self, frozen: FrozenTrial) -> SearchTrial:
        self._recall_look(frozen)
        candidate = candidate_from_json(frozen.user_attrs["candidate"])
        seeds = tuple(int(picture[0]) for picture in frozen.user_attrs[PICTURES])
        deltas = self._evaluator.deltas(self._objective, candidate, seeds, STAGE)
        return self._finished(PendingTrial(frozen.number, candidate, frozen.params, seeds), deltas)

    def _finished(self, trial: PendingTrial, deltas: list[ComponentDeltas]) -> SearchTrial:
        self._turns.note(self._evaluator.request_key(trial.candidate), trial.seeds)
        params, pictures = dict(trial.params), self._evaluator.pictures
        return SearchTrial(trial.number, trial.candidate, params, trial.seeds, tuple(deltas), pictures)
