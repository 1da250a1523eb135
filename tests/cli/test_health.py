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
