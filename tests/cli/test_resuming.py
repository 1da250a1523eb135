"""Going on with a stopped study through the command line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from counterprompt.bootstrap import generators
from counterprompt.generation.fake import FakeGenerator

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from PIL import Image

    from counterprompt.ports import GenerationRequest


class InterruptedGenerator(FakeGenerator):
    """The fake, with Ctrl-C pressed after *limit* pictures."""

    def __init__(self, limit: int) -> None:
        super().__init__()
        self.limit = limit

    def generate(self, requests: Sequence[GenerationRequest]) -> list[Image.Image]:
        """Generate, or be interrupted."""
        if self.pictures >= self.limit:
            raise KeyboardInterrupt
        return super().generate(requests)


def test_a_stopped_study_says_how_to_resume_and_repeats_nothing(run, picture: Path, tmp_path: Path, monkeypatch):
    """Ctrl-C ends with 130 and the command to go on; resuming generates no scored picture again."""
    folder = tmp_path / "study"
    first, second = InterruptedGenerator(limit=24), FakeGenerator()
    drawers = iter([first, second])
    monkeypatch.setattr(generators, "load_generator", lambda *_: next(drawers))

    stopped = run("tune", picture, "--generator", "fake", "--budget", "120", "--no-open", "--study", folder)
    resumed = run("resume", folder, "--no-open", "--json")

    assert 130 == stopped.code
    assert f"counterprompt resume {folder}" in stopped.err
    assert 0 == resumed.code, resumed.err
    assert json.loads(resumed.out)["pictures"] == first.pictures + second.pictures


def test_a_gain_that_was_not_proven_is_proven_again(run, picture: Path, tmp_path: Path):
    """The report says how to ask for a second proof, `prove` runs it on as many seeds, and a third is refused."""
    folder = tmp_path / "study"
    study = ("--generator", "fake", "--budget", "70", "--held-out", "3", "--no-open", "--study", folder)
    tuned = run("tune", picture, *study)
    seeds = json.loads(run("report", folder, "--no-open", "--json").out)["telling_seeds"]
    proven = run("prove", folder, "--no-open", "--json")
    told = run("report", folder, "--no-open")
    again = run("prove", folder)

    answer = json.loads(proven.out)
    assert f"counterprompt prove {folder}" in tuned.out
    assert 0 == proven.code, proven.err
    assert seeds == answer["held_out"]["seeds"]
    assert 3 == answer["first_proof"]["seeds"]
    assert "This is the second proof: the first, on 3 other seeds" in told.out
    assert 2 == again.code
    assert again.err.count("\n") == 1
