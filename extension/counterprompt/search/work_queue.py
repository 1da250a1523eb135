"""The orders of one study as trials in an Optuna storage: every order is done once, and none is ever lost.

An order is a trial that waits; a worker takes it by making it run, which the database lets only one of them do; its
scores are attributes of the trial. Optuna's own heartbeats and retries are not used: the gRPC proxy does not pass them
on, and a trial whose worker died before its first heartbeat would never be retried. Here the coordinator watches a
number that the worker counts up, by its own clock, and lets the trial wait again where that number stands still.

Workers never list the trials: with a thousand of them each result would be read a thousand times. The coordinator posts
the numbers of those that wait on a board, one attribute of Optuna's study, and a worker reads nothing else.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

from counterprompt.errors import InvalidInputError
from counterprompt.search.order_trials import BEAT, FAULT, ORDER, PNG, RESULT, result_of
from counterprompt.search.orders import Order, order_from_json, order_to_json, picture_to_text, scores_to_json
from counterprompt.search.queue_places import IS_OPEN, ORDERS, PICTURES, find_place, make_place
from counterprompt.search.queue_terms import QueueTerms, terms_from_json
from counterprompt.search.storage import patiently

if TYPE_CHECKING:
    from collections.abc import Sequence

    from optuna.storages import BaseStorage
    from optuna.trial import FrozenTrial, TrialState

    from counterprompt.search.source import Measured

_TERMS, _BOARD = "terms", "waiting"

_TRIES = 3
"""So many orders of the board a worker reaches for before it looks again."""


class WorkQueue:
    """The queue of one study, for its coordinator and for its workers."""

    def __init__(self, storage: BaseStorage, name: str, terms: QueueTerms, orders_id: int, pictures_id: int) -> None:
        self.name = name
        self.terms = terms
        self._storage = storage
        self._orders_id = orders_id
        self._pictures_id = pictures_id
        self._posted: list[int] = []
        self._refused: set[int] = set()
        self._is_open = True
        self.had_ended = False
        """Whether the study ended once before; the pictures that were on their way are gone then."""

    @classmethod
    def create(cls, storage: BaseStorage, name: str, terms: QueueTerms) -> WorkQueue:
        """Open the queue of study *name* for its coordinator, creating it where there is none.

        Raises:
            InvalidInputError: another study of that name has its queue there.
            GeneratorError: the storage does not answer.
        """
        orders_id, pictures_id = (make_place(storage, name, kind) for kind in (ORDERS, PICTURES))
        attributes = patiently(storage.get_study_user_attrs, orders_id)
        known = attributes.get(_TERMS)
        if known is not None and known["plan"] != terms.plan:
            raise InvalidInputError(
                f"The storage holds the queue of another study called {name}; give this one another folder name."
            )
        patiently(storage.set_study_user_attr, orders_id, _TERMS, terms.to_json())
        patiently(storage.set_study_user_attr, orders_id, _BOARD, [])
        patiently(storage.set_study_user_attr, orders_id, IS_OPEN, True)
        queue = cls(storage, name, terms, orders_id, pictures_id)
        queue.had_ended = known is not None and not attributes.get(IS_OPEN)
        return queue

    @classmethod
    def join(cls, storage: BaseStorage, name: str) -> WorkQueue:
        """Open the queue of study *name* for a worker.

        Raises:
            InvalidInputError: there is none.
            GeneratorError: the storage does not answer.
        """
        try:
            orders_id, pictures_id = (find_place(storage, name, kind) for kind in (ORDERS, PICTURES))
            terms = terms_from_json(patiently(storage.get_study_user_attrs, orders_id)[_TERMS])
        except KeyError as error:
            raise InvalidInputError(
                f"The storage holds no study called {name}; start it with `tune --storage`, or correct the name."
            ) from error
        return cls(storage, name, terms, orders_id, pictures_id)

    @property
    def is_open(self) -> bool:
        """Whether the study had not ended when `take` last looked; an interrupted one will go on."""
        return self._is_open

    def close(self) -> None:
        """Say that the study has ended, and delete the pictures that were on their way; scores stay."""
        patiently(self._storage.set_study_user_attr, self._orders_id, IS_OPEN, False)
        for trial in self.trials():
            if not trial.state.is_finished():
                self._settle(trial._trial_id, _states().FAIL)
        patiently(self._storage.delete_study, self._pictures_id)
        self._pictures_id = make_place(self._storage, self.name, PICTURES)

    def put(self, orders: Sequence[Order]) -> None:
        """Let *orders* wait for workers."""
        from optuna.trial import create_trial

        for at, order in enumerate(orders):
            template = create_trial(state=_states().WAITING, user_attrs={ORDER: order_to_json(order)})
            self._posted.append(patiently(self._storage.create_new_trial, self._orders_id, template))
            if at == 0 or at == len(orders) - 1:  # the first worker need not wait for the last order
                patiently(self._storage.set_study_user_attr, self._orders_id, _BOARD, self._posted)

    def trials(self) -> list[FrozenTrial]:
        """List every order of the study as a trial, in order, for the coordinator; they are not to be changed."""
        trials = patiently(self._storage.get_all_trials, self._orders_id, deepcopy=False)
        waiting = [trial._trial_id for trial in trials if trial.state is _states().WAITING]
        if waiting != self._posted:
            self._posted = waiting
            patiently(self._storage.set_study_user_attr, self._orders_id, _BOARD, waiting)
        return trials

    def take(self) -> tuple[int, Order] | None:
        """Take an order that waits, with its number; None where none does. Which one is left to chance.

        Workers that all reached for the first one would be in each other's way.
        """
        attributes = patiently(self._storage.get_study_user_attrs, self._orders_id)
        self._is_open = bool(attributes.get(IS_OPEN))
        waiting = [number for number in attributes.get(_BOARD, ()) if number not in self._refused]
        for number in random.sample(waiting, min(_TRIES, len(waiting))):
            self._refused.add(number)  # the board will be behind for a moment
            if self._settle(number, _states().RUNNING):
                trial = patiently(self._storage.get_trial, number)
                return number, order_from_json(trial.user_attrs[ORDER])
        if not waiting:
            self._refused.clear()  # what another gave back may be taken next time
        return None

    def beat(self, number: int, count: int) -> None:
        """Say for the *count*th time that the order *number* is being worked on."""
        self._note(number, BEAT, count)

    def finish(self, number: int, measured: Measured) -> bool:
        """Hand in what was *measured* for the order *number*; False where somebody else was faster or nobody waits."""
        from optuna.trial import create_trial

        templates = (create_trial(value=0.0, user_attrs={PNG: picture_to_text(image)}) for image in measured.images)
        try:
            pictures = [patiently(self._storage.create_new_trial, self._pictures_id, each) for each in templates]
        except KeyError:  # the study has ended meanwhile, and with it the place for its pictures
            return False
        result = {"scores": list(map(scores_to_json, measured.scores)), "pictures": pictures}
        is_noted = self._note(number, RESULT, result)
        value = sum(scores.aesthetic for scores in measured.scores) / len(measured.scores)
        return is_noted and self._settle(number, _states().COMPLETE, [value])

    def fail(self, number: int, fault: str) -> None:
        """Say that the order *number* cannot be done here, and why."""
        self._note(number, FAULT, fault[:1000])
        self._settle(number, _states().FAIL)

    def give_back(self, number: int) -> None:
        """Let the order *number* wait for another worker."""
        self._settle(number, _states().WAITING)

    def result(self, trial: FrozenTrial) -> Measured | None:
        """Read what a finished *trial* measured; None where it is damaged."""
        return result_of(trial, lambda number: patiently(self._storage.get_trial, number))

    def _note(self, number: int, name: str, value: Any) -> bool:
        """Write an attribute of the order *number*; False where it is finished already."""
        from optuna.exceptions import UpdateFinishedTrialError

        try:
            patiently(self._storage.set_trial_user_attr, number, name, value)
        except UpdateFinishedTrialError:
            return False
        return True

    def _settle(self, number: int, state: TrialState, values: Sequence[float] | None = None) -> bool:
        from optuna.exceptions import UpdateFinishedTrialError

        try:
            return patiently(self._storage.set_trial_state_values, number, state, values)
        except UpdateFinishedTrialError:
            return False


def _states() -> type[TrialState]:
    from optuna.trial import TrialState

    return TrialState
