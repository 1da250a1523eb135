"""The trials of one study on disk: a study of Optuna's in its journal format, one line for whatever happens.

A trial begins with all its parameters in one line. In a table of SQLite's each parameter is a transaction by itself,
and some thirty of them took longer than the proposal.
"""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any

from counterprompt.errors import InvalidInputError
from counterprompt.search.folder import ROOM
from counterprompt.search.journal_lines import JournalLines
from counterprompt.whole_files import naming_the_remedy

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from optuna import Study
    from optuna.distributions import BaseDistribution
    from optuna.trial import FrozenTrial

_STUDY_NAME = "counterprompt"


class TrialFile:
    """Begins and finishes trials; finished ones never change."""

    def __init__(self, path: Path) -> None:
        """Open the trials at *path*, which only one program at a time may add trials to.

        Raises:
            InvalidInputError: the file is damaged, or cannot be written.
        """
        self._path = path
        self.study: Study = open_optuna_study(path)

    def finished(self) -> list[FrozenTrial]:
        """List the finished trials, in order; they are not to be changed."""
        return self.study.get_trials(deepcopy=False, states=(_state("COMPLETE"),))

    def running(self) -> list[FrozenTrial]:
        """List the trials that have begun and are not finished, in order; they are not to be changed."""
        return self.study.get_trials(deepcopy=False, states=(_state("RUNNING"),))

    def propose(self) -> dict[str, Any]:
        """Ask the study's sampler for the parameters of the next trial, without beginning it."""
        from optuna.trial import create_trial

        blank = create_trial(state=_state("RUNNING"))
        blank.number = self.next_number
        space = self.study.sampler.infer_relative_search_space(self.study, blank)
        return self.study.sampler.sample_relative(self.study, blank, space)

    @property
    def next_number(self) -> int:
        """The number of the next trial to begin."""
        return len(self.study.get_trials(deepcopy=False))

    def begin(
        self, params: Mapping[str, Any], distributions: Mapping[str, BaseDistribution], notes: Mapping[str, Any]
    ) -> FrozenTrial:
        """Begin a trial with *params*, drawn from *distributions*, and user attributes *notes*, all in one step.

        Raises:
            InvalidInputError: the file cannot be written.
        """
        from optuna.trial import create_trial

        template = create_trial(
            state=_state("RUNNING"), params=dict(params), distributions=dict(distributions), user_attrs=dict(notes)
        )
        storage = self.study._storage
        with naming_the_remedy(f"The list of trials {self._path}", ROOM):
            return storage.get_trial(storage.create_new_trial(self.study._study_id, template))

    def finish(self, number: int, value: float, notes: Mapping[str, Any]) -> None:
        """Add *notes* to the trial *number* and finish it with *value*.

        Raises:
            InvalidInputError: the file cannot be written.
        """
        storage = self.study._storage
        trial_id = storage.get_trial_id_from_study_id_trial_number(self.study._study_id, number)
        with naming_the_remedy(f"The list of trials {self._path}", ROOM):
            for name, note in notes.items():
                storage.set_trial_user_attr(trial_id, name, note)
            self.study.tell(number, value)


def open_optuna_study(path: Path) -> Study:
    """Open the Optuna study in the journal *path*, creating it where it is missing.

    Raises:
        InvalidInputError: the file is damaged, or cannot be written.
    """
    import optuna

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    try:
        storage = optuna.storages.JournalStorage(JournalLines(path))  # type: ignore[arg-type]  # a duck of its own
        return optuna.create_study(storage=storage, study_name=_STUDY_NAME, direction="maximize", load_if_exists=True)
    except (OSError, sqlite3.OperationalError) as error:
        raise InvalidInputError(f"The list of trials {path} cannot be written ({error}); {ROOM}.") from error
    except (sqlite3.Error, ValueError, KeyError, TypeError, optuna.exceptions.OptunaError) as error:
        raise InvalidInputError(
            f"The list of trials {path} is damaged; delete it and resume: no score is lost."
        ) from error


def _state(name: str) -> Any:
    from optuna.trial import TrialState

    return TrialState[name]
