"""The model of our script, tested by node without a browser."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest


def test_the_model_keeps_its_promises() -> None:
    """Every test of model.test.js passes."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("the script's model is tested with node, which is not here")

    finished = subprocess.run(
        [node, "--test", str(Path(__file__).with_name("model.test.js"))], capture_output=True, text=True, timeout=120
    )

    assert 0 == finished.returncode, finished.stdout[-3000:]


def test_no_script_makes_markup_of_text() -> None:
    """Our scripts never use what turns text into markup or code."""
    scripts = (Path(__file__).parents[2] / "javascript").glob("*.js")
    ways = ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function")

    assert [] == [(path.name, way) for path in scripts for way in ways if way in path.read_text("utf-8")]
