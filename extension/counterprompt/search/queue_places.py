"""Where the queue of a study lies in an Optuna storage: two of Optuna's studies, one of orders and one of pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counterprompt.search.storage import patiently

if TYPE_CHECKING:
    from optuna.storages import BaseStorage
    from optuna.study._frozen import FrozenStudy

ORDERS, PICTURES = "orders", "pictures"
IS_OPEN = "is_open"
"""Attribute of the orders: whether the study goes on."""

_PREFIX = "counterprompt"


def make_place(storage: BaseStorage, name: str, kind: str) -> int:
    """Return the number of the place for things of *kind* of the study *name*, made where there is none.

    Raises:
        GeneratorError: the storage does not answer.
    """
    return patiently(_make, storage, _study_name(name, kind))


def find_place(storage: BaseStorage, name: str, kind: str) -> int:
    """Return the number of the place for things of *kind* of the study *name*.

    Raises:
        KeyError: there is none.
        GeneratorError: the storage does not answer.
    """
    return patiently(storage.get_study_id_from_name, _study_name(name, kind))


def queue_in(study: FrozenStudy) -> str | None:
    """Name the study whose open queue is the Optuna *study*; None where that is something else, or has ended."""
    prefix, _, rest = study.study_name.partition("/")
    name, _, kind = rest.rpartition("/")
    return name if (prefix, kind) == (_PREFIX, ORDERS) and study.user_attrs.get(IS_OPEN) else None


def _study_name(name: str, kind: str) -> str:
    return f"{_PREFIX}/{name}/{kind}"


def _make(storage: BaseStorage, study_name: str) -> int:
    from optuna.exceptions import DuplicatedStudyError
    from optuna.study import StudyDirection

    try:
        return storage.create_new_study([StudyDirection.MAXIMIZE], study_name)
    except DuplicatedStudyError:
        return storage.get_study_id_from_name(study_name)
