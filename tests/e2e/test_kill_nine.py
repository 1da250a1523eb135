"""A small run of benchmarks/kill_nine.py: a study killed outright five times ends as if nothing had happened."""

import importlib.util
import os
import sys
from pathlib import Path

import pytest

BENCHMARK = Path(__file__).parents[2] / "benchmarks" / "kill_nine.py"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_nothing_is_lost_and_nothing_is_drawn_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Five kills: no recorded score lost, at most a batch drawn again per kill, the same outcome to the last digit."""
    spec = importlib.util.spec_from_file_location("kill_nine", BENCHMARK)
    kill_nine = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "kill_nine", kill_nine)  # dataclasses look their module up
    spec.loader.exec_module(kill_nine)
    found = kill_nine.Findings()

    kill_nine.run(kill_nine.fake_subject(60), 5, found, tmp_path)

    assert 5 == found.kills
    assert (0, 0, 0) == (found.lost, found.drawn_again, found.differing)
    assert found.most_in_flight <= 4
