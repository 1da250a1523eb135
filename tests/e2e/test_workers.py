"""Worker processes on a real database: PostgreSQL, and Optuna's gRPC proxy in front of it, where they are installed."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from counterprompt.generation.fake import FakeGenerator, FakeScorer
from counterprompt.negative.layers import NegativeLayer
from counterprompt.ports import GenerationRequest
from counterprompt.search.crew import Crew
from counterprompt.search.plan import plan_study
from counterprompt.search.queue_terms import QueueTerms
from counterprompt.search.space import space_for
from counterprompt.search.storage import open_storage
from counterprompt.search.study import run_study
from counterprompt.search.work_queue import WorkQueue

ROOT = Path(__file__).parents[2]
RUN = "from counterprompt.cli.main import run; run()"
BASELINE = GenerationRequest("a house <lora:style:1>", "painting,", 7, cfg_scale=5.0, width=32, height=32)

pytest.importorskip("typer")
pytestmark = [pytest.mark.slow, pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs kill -9")]


def start_worker(url: str, data: Path) -> subprocess.Popen:
    """Start `counterprompt worker` in a process of its own."""
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(ROOT / "extension"), os.environ.get("PYTHONPATH", "")]),
        "COUNTERPROMPT_DATA": str(data),
        "COUNTERPROMPT_STORAGE": url,
    }
    return subprocess.Popen([sys.executable, "-c", RUN, "worker", "one", "--generator", "fake"], env=environment)


@pytest.mark.parametrize("url", ["postgresql", "grpc"], indirect=True)
def test_a_worker_killed_outright_loses_nothing(url: str, tmp_path: Path) -> None:
    """Of two worker processes one dies by kill -9 in the middle: the study ends, and the other is sent home."""
    terms = QueueTerms("plan", "fake", "fake", beat_s=0.5, grace_s=3.0)
    queue = WorkQueue.create(open_storage(url), "one", terms)
    layers = (NegativeLayer("base", ("low quality", "blurry")),)
    plan = plan_study(BASELINE, space_for(BASELINE, layers), 60)
    workers = [start_worker(url, tmp_path / str(at)) for at in range(2)]

    class KillsOne:
        """Kills a worker when ten pictures have come."""

        def advance(self, stage: str, done: int, total: int, note: str = "") -> None:
            if done >= 10 and workers[0].poll() is None:
                workers[0].send_signal(signal.SIGKILL)

        def is_stop_requested(self) -> bool:
            return False

    try:
        crew = Crew(queue, FakeGenerator(batch_size=2))
        outcome = run_study(plan, crew, FakeScorer(), KillsOne(), tmp_path / "one")
        crew.close()
        for _ in range(300):
            if workers[1].poll() is not None:
                break
            time.sleep(0.1)
    finally:
        for worker in workers:
            worker.kill()
            worker.wait()

    assert 0 < outcome.pictures <= plan.picture_budget
    assert all((tmp_path / "one" / pair.challenger_picture).exists() for pair in outcome.held_out.pairs)
    assert (-signal.SIGKILL, 0) == (workers[0].returncode, workers[1].returncode)
