"""Where the workers of a job file learn that all of its jobs are done: one attribute in the storage."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counterprompt.search.queue_places import queue_in
from counterprompt.search.storage import patiently

if TYPE_CHECKING:
    from optuna.storages import BaseStorage

_PREFIX = "counterprompt-jobs"
_IS_OPEN = "is_open"


class JobBoard:
    """Says of the jobs called *name* whether any is left; those of one storage need names of their own."""

    def __init__(self, storage: BaseStorage, name: str) -> None:
        self._storage = storage
        self._study_name = f"{_PREFIX}/{name}"

    def open(self) -> None:
        """Say that jobs are left.

        Raises:
            GeneratorError: the storage does not answer.
        """
        patiently(self._storage.set_study_user_attr, self._study_id(), _IS_OPEN, True)

    def close(self) -> None:
        """Say that all are done; raises what `open` raises."""
        patiently(self._storage.set_study_user_attr, self._study_id(), _IS_OPEN, False)

    @property
    def is_closed(self) -> bool:
        """Whether all are done; not so where nobody has begun yet."""
        try:
            study_id = patiently(self._storage.get_study_id_from_name, self._study_name)
        except KeyError:
            return False
        return patiently(self._storage.get_study_user_attrs, study_id).get(_IS_OPEN) is False

    def _study_id(self) -> int:
        from optuna.exceptions import DuplicatedStudyError
        from optuna.study import StudyDirection

        try:
            return patiently(self._storage.create_new_study, [StudyDirection.MAXIMIZE], self._study_name)
        except DuplicatedStudyError:
            return patiently(self._storage.get_study_id_from_name, self._study_name)


def open_studies(storage: BaseStorage, jobs: str = "") -> list[str]:
    """Name the studies in *storage* that wait for workers: all of them, or those of the jobs called *jobs*.

    Raises:
        GeneratorError: the storage does not answer.
    """
    names = filter(None, map(queue_in, patiently(storage.get_all_studies)))
    return [name for name in names if not jobs or name.startswith(study_of_job(jobs, ""))]


def study_of_job(jobs: str, job: str) -> str:
    """Name the study of *job* among the studies of a storage; *jobs* is what its job file is called there."""
    return f"{jobs}.{job}"
