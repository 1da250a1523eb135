"""Studies that workers draw for."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from counterprompt.bootstrap.crews import open_job_board, shared_study
from counterprompt.bootstrap.generators import GeneratorChoice
from counterprompt.generation.fake import FakeGenerator, FakeScorer
from counterprompt.ports import GenerationRequest, SilentProgress
from counterprompt.search.plan import plan_study
from counterprompt.search.space import SearchSpace
from counterprompt.workflow.tuning import StudyAdapters

if TYPE_CHECKING:
    from collections.abc import Iterator

OPEN_FILES = Path("/proc/self/fd")


@contextmanager
def without_tidying() -> Iterator[None]:
    """Let Python's garbage collector do nothing, so that only what is closed is closed."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def opened(database: Path) -> int:
    """Count how often this process has *database* and what lies beside it open."""
    links = [path.readlink() for path in OPEN_FILES.iterdir() if path.is_symlink()]
    return sum(str(link).startswith(str(database)) for link in links)


@pytest.mark.skipif(not OPEN_FILES.is_dir(), reason="the system does not list open files there")
@pytest.mark.parametrize("fault", [None, ZeroDivisionError])
def test_a_study_closes_its_storage(tmp_path: Path, fault: type[Exception] | None) -> None:
    """Many jobs in one program leave no connections behind, however each of them ends."""
    database, choice = tmp_path / "work.sqlite3", GeneratorChoice("fake")
    plan = plan_study(GenerationRequest("a house", "", 1), SearchSpace(cfg_range=(4.0, 9.0)), 120)
    adapters = StudyAdapters(FakeGenerator(), FakeScorer(), SilentProgress())

    with without_tidying():
        try:
            url = f"sqlite:///{database}"
            with open_job_board(url, "jobs"), shared_study(adapters, choice, plan, tmp_path, url) as shared:
                assert "fake, by workers" == shared.generator.name
                assert opened(database) > 0
                if fault:
                    raise fault
        except ZeroDivisionError:
            pass
        assert 0 == opened(database)
