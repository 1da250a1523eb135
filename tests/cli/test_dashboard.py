"""The dashboard on the command line."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any
from urllib.request import urlopen

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
RUN = "from counterprompt.cli.main import run; run()"


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


@pytest.mark.slow
def test_the_real_dashboard_shows_the_pictures_of_a_trial(run, picture: Path, tmp_path: Path) -> None:
    """Asked over HTTP, optuna-dashboard names the pictures of the user's own settings, and gives their bytes."""
    pytest.importorskip("optuna_dashboard")
    folder, port = tmp_path / "study", free_port()
    run("tune", picture, "--generator", "fake", "--budget", "60", "--no-controls", "--study", folder)

    with served(folder, port):
        (study,) = answered(port, "api/studies")["study_summaries"]
        trials = answered(port, f"api/studies/{study['study_id']}?after=0")["trials"]
        baseline = trials[0]
        pictures = {
            shown["filename"]: ask(port, f"artifacts/{study['study_id']}/{baseline['trial_id']}/{shown['artifact_id']}")
            for shown in baseline["artifacts"]
        }

    assert "seed 5.png" in pictures, "the picture's own seed"
    kept = {path.read_bytes() for path in (folder / "pictures").iterdir()}
    assert {"image/png"} == {content_type for content_type, _ in pictures.values()}
    assert len(pictures) == len({content for _, content in pictures.values()} & kept)
    assert len(list((folder / "artifacts").iterdir())) == sum(len(trial["artifacts"]) for trial in trials)


def test_a_taken_port_is_named(run, picture: Path, tmp_path: Path) -> None:
    """Where somebody listens already, the sentence names the option."""
    pytest.importorskip("optuna_dashboard")
    run("tune", picture, "--generator", "fake", "--budget", "60", "--no-controls", "--study", tmp_path / "study")

    with socket.create_server(("127.0.0.1", 0)) as taken:
        finished = run("dashboard", tmp_path / "study", "--port", taken.getsockname()[1])

    assert 2 == finished.code
    assert "--port" in finished.err


def free_port() -> int:
    """Find a port that nobody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@contextmanager
def served(folder: Path, port: int) -> Iterator[None]:
    """Run `counterprompt dashboard` in a process of its own while the `with` block runs."""
    paths = [str(ROOT / "extension"), os.environ.get("PYTHONPATH", "")]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
    command = [sys.executable, "-c", RUN, "dashboard", str(folder), "--port", str(port)]
    dashboard = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(600):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            assert dashboard.poll() is None, "the dashboard ended"
            time.sleep(0.1)
        yield
    finally:
        dashboard.kill()
        dashboard.wait()


def ask(port: int, path: str) -> tuple[str, bytes]:
    """Return content type and body of what the dashboard answers."""
    with urlopen(f"http://127.0.0.1:{port}/{path}", timeout=60) as answer:
        return answer.headers["Content-Type"], answer.read()


def answered(port: int, path: str) -> Any:
    """Return what the dashboard's API answers."""
    return json.loads(ask(port, path)[1])
