"""A job file whose studies are drawn by workers, in processes that are killed outright: SQLite, PostgreSQL."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
RUN = "from counterprompt.cli.main import run; run()"
NAMES = ("cat", "dog", "house")

pytest.importorskip("typer")
pytestmark = [pytest.mark.slow, pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs kill -9")]


class Programs:
    """Coordinators and workers in processes of their own."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder = folder
        self.jobs = folder / "night.yaml"
        self._environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join([str(ROOT / "extension"), os.environ.get("PYTHONPATH", "")]),
            "COUNTERPROMPT_DATA": str(folder / "data"),
            "COUNTERPROMPT_STORAGE": url,
            "OMP_NUM_THREADS": "1",
        }
        self.started: list[subprocess.Popen] = []

    def coordinator(self) -> subprocess.Popen:
        """Start `counterprompt run`."""
        return self._start("run", str(self.jobs), "--at-once", "3", "--no-open", "--json")

    def worker(self) -> subprocess.Popen:
        """Start `counterprompt worker` for the job file."""
        return self._start("worker", str(self.jobs), "--generator", "fake")

    def recorded(self) -> dict[str, int]:
        """Count the scored pictures of every study."""
        counts = {}
        for name in NAMES:
            path = self.folder / "night-studies" / name / "scores.sqlite3"
            if path.exists():
                with sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True) as record:
                    tables = record.execute("SELECT COUNT(*) FROM sqlite_master WHERE name = 'picture_scores'")
                    if tables.fetchone()[0]:
                        counts[name] = record.execute("SELECT COUNT(*) FROM picture_scores").fetchone()[0]
        return counts

    def wait_for(self, pictures: int) -> dict[str, int]:
        """Wait until so many pictures are scored in all."""
        for _ in range(3000):
            counts = self.recorded()
            if sum(counts.values()) >= pictures:
                return counts
            time.sleep(0.05)
        raise AssertionError(f"only {self.recorded()}")

    def kill(self, *programs: subprocess.Popen) -> None:
        """Kill -9."""
        for program in programs:
            program.send_signal(signal.SIGKILL)
            program.wait()

    def _start(self, *arguments: str) -> subprocess.Popen:
        program = subprocess.Popen(
            [sys.executable, "-c", RUN, *arguments], env=self._environment, stdout=subprocess.PIPE, text=True
        )
        self.started.append(program)
        return program


@pytest.fixture
def programs(tmp_path: Path, url: str):
    """Programs over a file of three jobs; none outlives the test."""
    programs = Programs(tmp_path, url)
    tiny = "defaults: {generator: fake, budget: 80, search_seeds: 4, held_out: 6, controls: no}"
    jobs = "".join(f"  - {{name: {name}, prompt: a {name}}}\n" for name in NAMES)
    programs.jobs.write_text(f"{tiny}\njobs:\n{jobs}")
    yield programs
    for program in programs.started:
        program.kill()
        program.wait()


@pytest.mark.parametrize("url", ["sqlite", "postgresql"], indirect=True)
def test_kills_and_a_reboot_lose_nothing(programs: Programs) -> None:
    """A worker, then the coordinator, then everything is killed; started again all jobs are done, no score is lost."""
    first, second, coordinator = programs.worker(), programs.worker(), programs.coordinator()
    programs.wait_for(20)
    programs.kill(first)
    programs.wait_for(40)
    programs.kill(coordinator)
    before = programs.recorded()
    coordinator = programs.coordinator()
    programs.wait_for(sum(before.values()) + 20)
    programs.kill(coordinator, second)
    before_reboot = programs.recorded()

    workers, coordinator = [programs.worker(), programs.worker()], programs.coordinator()
    answer = json.loads(coordinator.communicate(timeout=400)[0])
    codes = [coordinator.returncode, *(worker.wait(timeout=60) for worker in workers)]
    after = programs.recorded()

    assert [0, 0, 0] == codes
    assert list(NAMES) == [job["name"] for job in answer["jobs"]]
    assert all(job["state"] in ("gain", "no gain") for job in answer["jobs"])
    assert all(after[name] >= count for name, count in before_reboot.items())
    assert all(count <= 80 + 8 for count in after.values()), "more was drawn than the budget and what was in flight"
    assert (programs.folder / "night-studies" / "summary.html").is_file()
