"""Where workers learn which studies wait, and that no more will come."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from counterprompt.search.job_board import JobBoard, open_studies, study_of_job
from counterprompt.search.storage import open_storage

spec = importlib.util.spec_from_file_location("crew_parts", Path(__file__).with_name("crew_parts.py"))
crew_parts = importlib.util.module_from_spec(spec)
spec.loader.exec_module(crew_parts)


@pytest.fixture(params=["memory", "sqlite"])
def storage(request: pytest.FixtureRequest, tmp_path: Path):
    """A storage in memory, and one in a file."""
    from optuna.storages import InMemoryStorage

    return InMemoryStorage() if request.param == "memory" else open_storage(crew_parts.storage_url(tmp_path))


def test_a_board_is_closed_when_all_is_done(storage):
    """Before it begins and while it is open work may come; opened again after a close it is open."""
    board, seen = JobBoard(storage, "night"), [JobBoard(storage, "night").is_closed]
    for change in (board.open, board.close, board.open):
        change()
        seen.append(JobBoard(storage, "night").is_closed)

    assert [False, False, True, False] == seen
    assert not JobBoard(storage, "day").is_closed


def test_only_open_studies_are_named(storage):
    """Of all studies those that have not ended; of one job file only its own, also where names begin alike."""
    names = [study_of_job("night", "one"), study_of_job("night", "two"), study_of_job("nightly", "one"), "alone"]
    queues = [crew_parts.make_queue(storage, name) for name in names]
    storage.create_new_study([_direction()], "somebody/elses/orders")
    queues[1].close()

    assert {names[0], names[2], names[3]} == set(open_studies(storage))
    assert [names[0]] == open_studies(storage, "night")


def _direction():
    from optuna.study import StudyDirection

    return StudyDirection.MAXIMIZE
