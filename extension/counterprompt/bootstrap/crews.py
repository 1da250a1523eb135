"""A study shared with worker processes, from both ends."""

from __future__ import annotations

import hashlib
import json
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from counterprompt.bootstrap.generators import model_name
from counterprompt.bootstrap.scorer_extras import ScorerExtras
from counterprompt.bootstrap.worker_tools import WorkerTools, heads_of
from counterprompt.search.plan_json import plan_to_json

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from counterprompt.bootstrap.generators import GeneratorChoice
    from counterprompt.bootstrap.worker_tools import WorkerChoice
    from counterprompt.ports import ProgressListener
    from counterprompt.search.plan import StudyPlan
    from counterprompt.search.worker import Worker
    from counterprompt.settings import Settings
    from counterprompt.workflow.tuning import StudyAdapters


@contextmanager
def shared_study(
    adapters: StudyAdapters,
    choice: GeneratorChoice,
    plan: StudyPlan,
    folder: Path,
    storage: str | None,
    name: str = "",
) -> Iterator[StudyAdapters]:
    """Give *adapters* whose pictures workers draw, while the `with` block runs; without a *storage*, *adapters* itself.

    The study is known to workers by *name*, by default that of its *folder*. Where the block ends with an error they
    stay, for the study can be resumed; otherwise they are sent home.

    Raises:
        InvalidInputError: the storage cannot be used, or another study of that name is there.
        MissingModelError: the storage's driver is not installed.
    """
    if not storage:
        yield adapters
        return
    from counterprompt.search.crew import Crew
    from counterprompt.search.queue_terms import QueueTerms
    from counterprompt.search.storage import opened_storage
    from counterprompt.search.work_queue import WorkQueue

    digest = hashlib.sha256(json.dumps(plan_to_json(plan), sort_keys=True).encode()).hexdigest()
    terms = QueueTerms(
        digest,
        adapters.scorer.name,
        model_name(choice, adapters.generator),
        getattr(adapters.scorer, "defects", None),
        heads_of(adapters.scorer),
        tuple(ScorerExtras.from_notes(dict(plan.notes)).notes().items()),
    )
    with opened_storage(storage) as database:
        crew = Crew(WorkQueue.create(database, name or folder.name, terms), adapters.generator)
        yield replace(adapters, generator=crew)
        crew.close()


def load_worker(
    study: str, storage: str, choice: WorkerChoice, auth: str | None, settings: Settings, progress: ProgressListener
) -> Worker:
    """Return a worker for the *study* whose queue is in *storage*; it draws and scores with what is given here.

    Raises:
        InvalidInputError: the storage holds no such study, or it is drawn or scored by something else.
        MissingModelError: a model or the storage's driver is not there.
        GeneratorError: the WebUI or the storage does not answer.
    """
    from counterprompt.search.storage import open_storage
    from counterprompt.search.work_queue import WorkQueue

    queue = WorkQueue.join(open_storage(storage, is_cached=False, is_new=False), study)
    return WorkerTools(choice, auth, settings, progress).work_on(queue)


@contextmanager
def open_job_board(storage: str, jobs: str) -> Iterator[None]:
    """Let the workers of the job file called *jobs* know that work will come; where the block ends, that none will.

    Where it ends with an error they stay, for the jobs can be gone on with.

    Raises:
        InvalidInputError: the storage cannot be used.
        MissingModelError: the storage's driver is not installed.
    """
    from counterprompt.search.job_board import JobBoard
    from counterprompt.search.storage import opened_storage

    with opened_storage(storage) as database:
        board = JobBoard(database, jobs)
        board.open()
        yield
        board.close()


class StorageAgency:
    """Implements `search.roaming.Agency` for the studies of one storage, all of them or those of the jobs *jobs*.

    Raises:
        InvalidInputError: the storage cannot be used.
        MissingModelError: a model or the storage's driver is not there.
        GeneratorError: the WebUI or the storage does not answer.
    """

    def __init__(
        self,
        storage: str,
        jobs: str,
        choice: WorkerChoice,
        auth: str | None,
        settings: Settings,
        progress: ProgressListener,
    ) -> None:
        from counterprompt.search.job_board import JobBoard
        from counterprompt.search.storage import open_storage

        self._storage = open_storage(storage, is_cached=False)
        self._jobs = jobs
        self._board = JobBoard(self._storage, jobs) if jobs else None
        self._tools = WorkerTools(choice, auth, settings, progress)

    @property
    def is_over(self) -> bool:
        """Whether all jobs are done; without a job file never."""
        return self._board is not None and self._board.is_closed

    def open_studies(self) -> list[str]:
        """Name the studies that wait for workers."""
        from counterprompt.search.job_board import open_studies

        return open_studies(self._storage, self._jobs)

    def hire(self, study: str) -> Worker:
        """Return a worker for *study*; raises what `load_worker` raises."""
        from counterprompt.search.work_queue import WorkQueue

        return self._tools.work_on(WorkQueue.join(self._storage, study))
