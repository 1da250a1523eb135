"""Showing again what a study came to."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

TINY = ("--generator", "fake", "--budget", "60", "--no-open", "--no-controls", "--json")


def test_report_renders_again(run, picture: Path, tmp_path: Path):
    """The page comes back from the study folder alone, with the same answer."""
    folder = tmp_path / "study"
    tuned = run("tune", picture, *TINY, "--study", folder)
    (folder / "report.html").unlink()

    again = run("report", folder, "--no-open", "--json")

    assert json.loads(tuned.out) == json.loads(again.out)
    assert (folder / "report.html").is_file()
