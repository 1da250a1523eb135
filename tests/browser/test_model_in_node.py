"""Our scripts, tested by node without a browser."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest


@pytest.mark.parametrize("name", ["model.test.js", "main.test.js"])
def test_the_scripts_keep_their_promises(name: str) -> None:
    """Every test of the file passes."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("our scripts are tested with node, which is not here")

    finished = subprocess.run(
        [node, "--test", str(Path(__file__).with_name(name))], capture_output=True, text=True, timeout=120
    )

    assert 0 == finished.returncode, finished.stdout[-3000:]


def test_no_script_makes_markup_of_text() -> None:
    """Our scripts never use what turns text into markup or code."""
    scripts = (Path(__file__).parents[2] / "javascript").glob("*.js")
    ways = ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function")

    assert [] == [(path.name, way) for path in scripts for way in ways if way in path.read_text("utf-8")]
