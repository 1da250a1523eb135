"""The doctor."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def test_doctor_answers_in_json(run):
    """Packages, device, models and what works are told."""
    answer = json.loads(run("doctor", "--json").out)

    assert {"torch", "optuna", "onnxruntime", "typer"} <= set(answer["packages"])
    assert "" == answer["works"]["read"]
    assert {"miniature", "tagger", "scorer"} == set(answer["models"])


def test_doctor_says_what_is_missing(run, monkeypatch, tmp_path: Path):
    """A tagger that is not there is named in what does not work."""
    monkeypatch.setenv("COUNTERPROMPT_TAGGER", str(tmp_path / "nowhere"))

    finished = run("doctor")

    assert 0 == finished.code
    assert "no: the tagger missing" in finished.out


def test_doctor_compares_onnxruntime_with_the_rest(run, monkeypatch):
    """What taggers run on was tried, not guessed, and a provider that is not there is told with its reason."""
    monkeypatch.setenv("COUNTERPROMPT_TAGGER_PROVIDER", "coreml")

    answer = json.loads(run("doctor", "--json").out)["onnxruntime"]
    text = run("doctor").out

    assert {"installed", "fits", "is_fine", "is_best", "reason", "command", "wanted", "runs_on", "why"} == set(answer)
    assert answer["fits"].startswith("onnxruntime")
    assert "coreml" == answer["wanted"]
    if "CPUExecutionProvider" == answer["runs_on"]:
        assert "It runs on the CPU: this onnxruntime has no CoreMLExecutionProvider" in answer["why"]
    assert answer["reason"] in text
