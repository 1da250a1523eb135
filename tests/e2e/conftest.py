"""Databases for workers in processes of their own."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from counterprompt.errors import MissingModelError

if TYPE_CHECKING:
    from collections.abc import Iterator

_PATH = Path(__file__).parents[2] / "benchmarks" / "scratch_storages.py"


@pytest.fixture
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A storage of the kind that the test names as its parameter, where that is installed here."""
    spec = importlib.util.spec_from_file_location("scratch_storages", _PATH)
    scratch_storages = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(scratch_storages)
    folder = tmp_path / "storage"
    folder.mkdir()
    try:
        with scratch_storages.scratch_storage(request.param, folder) as url:
            yield url
    except MissingModelError as error:
        pytest.skip(str(error))
