"""How long a suggestion takes after a thousand trials, and whether memory stays flat over ten thousand pictures.

    PYTHONPATH=extension python benchmarks/search_speed.py                 both, about ten minutes
    PYTHONPATH=extension python benchmarks/search_speed.py --pictures 0    suggestions only

One study on the fake generator, whose pictures take no time, runs until it has the trials or the pictures asked for.
Timed is all that the search does between the scores of one trial and the first request of the next: learning, the
proposal, and what Optuna writes to SQLite. For memory the resident size of the process is read every thousand pictures.

Bars (issue 4, "Machinery"): the median over the trials 950 to 1,050 is below 50 ms; resident memory grows by less than
20 MB from picture 2,000 to picture 10,000 (each trial and each score that is kept takes some hundred bytes).

Exit code 1 where a bar is missed.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from counterprompt.generation.fake import FakeGenerator, FakeScorer
from counterprompt.negative.layers import NegativeLayer
from counterprompt.ports import GenerationRequest, Scores
from counterprompt.search.plan import plan_study
from counterprompt.search.space import space_for
from counterprompt.search.study import run_study

if TYPE_CHECKING:
    from PIL import Image

SUGGEST_BAR_S = 0.05
MEMORY_BAR_MB = 20.0
LAYERS = (
    NegativeLayer("base", ("low quality", "worst quality", "blurry", "jpeg artifacts")),
    NegativeLayer("style", ("painting", "watermark", "text", "signature")),
    NegativeLayer("structure", ("bad anatomy", "extra limbs", "cropped")),
)
TERMS = ("grainy", "noisy", "dark", "washed out", "tilted", "frame", "oversaturated", "clutter")


class Watched(FakeGenerator):
    """Notes when pictures are asked for, and the process's memory every thousand pictures."""

    def __init__(self) -> None:
        super().__init__(batch_size=4)
        self.asked_at: list[tuple[float, str]] = []
        self.memory: list[tuple[int, float]] = []

    def generate(self, requests: Sequence[GenerationRequest]) -> list[Image.Image]:
        """Draw."""
        first = requests[0]
        self.asked_at.append((time.perf_counter(), f"{first.prompt}\n{first.negative_prompt}\n{first.cfg_scale}"))
        before = self.pictures
        images = super().generate(requests)
        if self.pictures // 1000 > before // 1000:
            self.memory.append((self.pictures, resident_mb()))
        return images


class WatchedScorer(FakeScorer):
    """Notes when scores were given."""

    def __init__(self) -> None:
        self.scored_at: list[float] = []

    def score(self, images: Sequence[Image.Image], prompt: str) -> list[Scores]:
        """Score."""
        scores = super().score(images, prompt)
        self.scored_at.append(time.perf_counter())
        return scores


def resident_mb() -> float:
    """Read the resident memory of this process, from Linux's statm (pages), in megabytes."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def run(pictures: int, scratch: Path) -> tuple[Watched, WatchedScorer, int]:
    """Run one study with *pictures* pictures of search; return the watchers and the number of trials."""
    baseline = GenerationRequest("a house <lora:style:1>", "ugly,", 7, cfg_scale=6.0, width=32, height=32)
    plan = plan_study(baseline, space_for(baseline, LAYERS, TERMS), pictures, search_seeds=64, proof_seeds=8)
    generator, scorer = Watched(), WatchedScorer()
    outcome = run_study(replace(plan, finalists=1), generator, scorer, None, scratch)
    return generator, scorer, len(outcome.history)


def between_trials(generator: Watched, scorer: WatchedScorer) -> list[float]:
    """Return the seconds from the last score of one candidate to the first request of the next."""
    pairs = zip(scorer.scored_at, generator.asked_at, generator.asked_at[1:])
    return [after[0] - scored for scored, before, after in pairs if after[1] != before[1]]


def main() -> int:
    """Run and report."""
    parser = argparse.ArgumentParser(description="Time suggestions and watch memory.")
    parser.add_argument("--trials", type=int, default=1000)
    parser.add_argument("--pictures", type=int, default=10_000)
    options = parser.parse_args()
    is_good = True
    with tempfile.TemporaryDirectory(prefix="search-speed-") as folder:
        generator, scorer, trials = run(max(options.pictures, 8 * options.trials), Path(folder))
    gaps = between_trials(generator, scorer)
    for at in range(100, min(len(gaps), options.trials + 1), 100):
        window = gaps[max(0, at - 50) : at + 50]
        sys.stdout.write(f"trial {at}: {1000 * statistics.median(window):.1f} ms, slowest {1000 * max(window):.1f}\n")
    window = gaps[options.trials - 50 : options.trials + 50]
    if window:
        is_good = statistics.median(window) < SUGGEST_BAR_S
    sys.stdout.write(f"{trials} trials, {generator.pictures} pictures\n")
    sys.stdout.write("".join(f"{count} pictures: {mb:.1f} MB\n" for count, mb in generator.memory))
    late = [mb for count, mb in generator.memory if count >= 2000]
    if len(late) > 1:
        sys.stdout.write(f"grown by {late[-1] - late[0]:.1f} MB\n")
        is_good = is_good and late[-1] - late[0] < MEMORY_BAR_MB
    return 0 if is_good and window else 1


if __name__ == "__main__":
    raise SystemExit(main())
