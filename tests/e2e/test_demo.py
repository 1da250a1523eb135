"""The whole story on the miniature, as a newcomer runs it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
RUN = "from counterprompt.cli.main import run; run()"

pytest.importorskip("typer")
pytest.importorskip("diffusers")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not (ROOT / "extension/counterprompt/miniature/weights/checkpoint.safetensors").is_file(),
        reason="the miniature's weights are not in this checkout",
    ),
]


def run(*arguments: str, data: Path, timeout: int = 240) -> subprocess.CompletedProcess[str]:
    """Run the command line in a process of its own, its data in *data*."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "extension"), "COUNTERPROMPT_DATA": str(data)}
    command = [sys.executable, "-c", RUN, *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=timeout)


def test_a_small_study_runs_on_the_miniature(tmp_path: Path) -> None:
    """A picture drawn, read, tagged, compared and tuned: one answer, one report, pictures on every held-out seed."""
    study = tmp_path / "study"
    drawn = run("demo", "--budget", "60", "--held-out", "6", "--study", str(study), "--json", data=tmp_path)
    assert 0 == drawn.returncode, drawn.stderr
    answer = json.loads(drawn.stdout.splitlines()[-1])

    assert answer["verdict"] in {"gain", "no gain"}
    assert {"any defect", "watermark"} <= set(answer["judged"]["defect_rates"])
    assert (study / "report.html").stat().st_size > 20_000
    assert (
        "AUTOMATIC1111" == json.loads(run("read", str(study / "demo.png"), "--json", data=tmp_path).stdout)["program"]
    )
    assert 0 == run("advise", str(study / "demo.png"), data=tmp_path).returncode
