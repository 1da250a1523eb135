"""What it saves to end a search early, and what it costs.

    PYTHONPATH=extension python benchmarks/search_settled.py
    PYTHONPATH=extension python benchmarks/search_settled.py --budget 2000 --repetitions 5

Each study runs twice on a made-up world (`generation.fake.FakeWorld`), with the rule of `search.settled` and without;
the truth of both challengers is their mean gain over the user's settings on 300 fresh seeds, in baseline spreads. Three
worlds: one where a handful of terms, the LoRA and CFG matter, one where twenty terms matter a little, and one where
nothing does.

Bars: the mean loss over all pairs is below 0.05 spreads, and at least 5 % of all pictures are saved (exit code 1 where
one is missed).
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from statistics import fmean
from typing import TYPE_CHECKING

from counterprompt.generation.fake import FLAT_WORLD, FakeGenerator, FakeScorer, FakeWorld
from counterprompt.negative.layers import NegativeLayer
from counterprompt.ports import GenerationRequest
from counterprompt.search.objective import Objective, spread_of
from counterprompt.search.plan import plan_study
from counterprompt.search.space import space_for
from counterprompt.search.study import run_study

if TYPE_CHECKING:
    from counterprompt.search.outcome import Outcome, Settings

LOSS_BAR = 0.05
SAVED_BAR = 0.05
BASELINE = GenerationRequest("a house <lora:style:1>", "painting,", 7, cfg_scale=5.0, width=32, height=32)
TERMS = tuple(f"fault {at}" for at in range(20))
LAYERS = (
    NegativeLayer("base", ("low quality", "blurry", "noisy", "grainy")),
    NegativeLayer("style", ("painting", "watermark")),
    NegativeLayer("many", TERMS),
)
MANY = FakeWorld(effects=tuple((term, (-1) ** at * 0.02 * (at % 7)) for at, term in enumerate(TERMS)))
WORLDS = {"a few things matter": FakeWorld(), "twenty terms matter a little": MANY, "nothing matters": FLAT_WORLD}
FRESH = random.Random("fresh").sample(range(2**32), 300)


def true_gain(world: FakeWorld, settings: Settings | None) -> float:
    """Return the mean gain of *settings* on fresh seeds; 0 where there are none."""
    if settings is None:
        return 0.0
    own = [world.scores(replace(BASELINE, seed=seed)) for seed in FRESH]
    changed = replace(
        BASELINE,
        prompt=settings.prompt,
        negative_prompt=settings.negative_prompt,
        cfg_scale=settings.cfg_scale,
    )
    objective = Objective(spread_of(own))
    return fmean(
        objective.delta(world.scores(replace(changed, seed=seed)), before).total for seed, before in zip(FRESH, own)
    )


def run(world: FakeWorld, budget: int, seed: int, *, stops_early: bool) -> Outcome:
    """Run one study."""
    plan = plan_study(BASELINE, space_for(BASELINE, LAYERS), budget, search_seed=seed, stops_early=stops_early)
    with tempfile.TemporaryDirectory(prefix="search-settled-") as folder:
        return run_study(plan, FakeGenerator(world, batch_size=8), FakeScorer(), None, Path(folder) / "study")


def main() -> int:
    """Run and report."""
    parser = argparse.ArgumentParser(description="Measure what ending early saves and costs.")
    parser.add_argument("--budget", type=int, default=600)
    parser.add_argument("--repetitions", type=int, default=3)
    options = parser.parse_args()
    losses, shares = [], []
    for name, world in WORLDS.items():
        for seed in range(options.repetitions):
            early = run(world, options.budget, seed, stops_early=True)
            whole = run(world, options.budget, seed, stops_early=False)
            gains = true_gain(world, early.challenger), true_gain(world, whole.challenger)
            losses.append(gains[1] - gains[0])
            shares.append(1 - early.pictures / whole.pictures)
            drawn = f"{early.pictures} of {whole.pictures} pictures"
            sys.stdout.write(f"{name}, {seed}: {drawn}, gain {gains[0]:.2f} of {gains[1]:.2f}\n")
            sys.stdout.flush()
    sys.stdout.write(f"saved {fmean(shares):.0%} of all pictures, lost {fmean(losses):.3f} spreads on average\n")
    return 0 if fmean(losses) < LOSS_BAR and fmean(shares) >= SAVED_BAR else 1


if __name__ == "__main__":
    raise SystemExit(main())
