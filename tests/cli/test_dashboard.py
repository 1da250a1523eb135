"""The dashboard on the command line."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pytest


def test_without_the_package_the_remedy_is_named(run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The extra is optional: where it is missing, one sentence says what to type."""
    monkeypatch.setitem(sys.modules, "optuna_dashboard", None)

    finished = run("dashboard", tmp_path)

    assert (3, "") == (finished.code, finished.out)
    assert "pip install optuna-dashboard" in finished.err


def test_the_dashboard_gets_storage_and_pictures(
    run, picture: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is served on this machine only, with the study's own storage and the store of its pictures."""
    served: dict[str, Any] = {}
    dashboard: Any = ModuleType("optuna_dashboard")
    dashboard.run_server = lambda storage, **options: served.update(options, storage=storage)
    monkeypatch.setitem(sys.modules, "optuna_dashboard", dashboard)
    run("tune", picture, "--generator", "fake", "--budget", "60", "--no-controls", "--study", tmp_path / "study")

    finished = run("dashboard", tmp_path / "study", "--port", "8123")

    assert 0 == finished.code, finished.err
    assert ("127.0.0.1", 8123) == (served["host"], served["port"])
    assert 1 == len(served["storage"].get_all_studies())
    assert "http://127.0.0.1:8123/" in finished.out
    assert any((tmp_path / "study" / "artifacts").iterdir())


def test_a_taken_port_is_named(run, picture: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing can listen, the sentence names the option."""

    def refuse(storage: Any, **options: Any) -> None:
        raise OSError(98, "Address already in use")

    dashboard: Any = ModuleType("optuna_dashboard")
    dashboard.run_server = refuse
    monkeypatch.setitem(sys.modules, "optuna_dashboard", dashboard)
    run("tune", picture, "--generator", "fake", "--budget", "60", "--no-controls", "--study", tmp_path / "study")

    finished = run("dashboard", tmp_path / "study")

    assert 2 == finished.code
    assert "--port" in finished.err
