"""Whether choosing among pictures moves the winner to what a person likes, and what it costs to answer at random.

    PYTHONPATH=extension python benchmarks/human_choice.py                     12 repetitions, some minutes
    PYTHONPATH=extension python benchmarks/human_choice.py --repetitions 40 --weights 0.5 0.7 1

On the fake generator's world, whose scores are known for every setting, a made-up person likes what the score
likes, and beside it four terms drawn anew in each repetition: two that it wants negated and two that it wants kept,
each worth 0.6 baseline spreads. It answers 20 questions of the search, with a wavering of its own (Gumbel, scale
0.3), and no pairs of the proof. Another person answers at random. The same study without anybody is the measure: in
each repetition the challenger's value on 200 fresh seeds, by score and by the person's own liking, minus that of
the study without a person.

Bars: with a taste the person's liking rises (95 % interval above 0); answering at random costs less than 0.15
spreads of the score, on average.

Exit code 1 where a bar is missed.

Seen with 8 repetitions of 120 pictures and weight 0.7, against the study without a person (score +0.82, liking +0.07):
the person with a taste got +0.53 [+0.11, +0.94] of its own liking for -0.18 [-0.31, -0.06] of the score; answering at
random cost -0.01 [-0.19, +0.17] of the score. Before answers were believed only as far as they look like more than
chance, random ones cost 0.34 at weight 0.5 and 0.80 at weight 1 (8 repetitions of 160 pictures, twelve terms, a LoRA).
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from dataclasses import replace
from math import log
from pathlib import Path
from statistics import fmean, stdev
from typing import TYPE_CHECKING

from counterprompt.generation.fake import FakeGenerator, FakeScorer, FakeWorld
from counterprompt.negative.layers import NegativeLayer
from counterprompt.ports import GenerationRequest
from counterprompt.prompts.terms import split_terms
from counterprompt.search.objective import Objective, spread_of
from counterprompt.search.plan import plan_study
from counterprompt.search.space import space_for
from counterprompt.search.study import run_study
from counterprompt.search.taste.interview import Asking
from counterprompt.search.taste.questions import Answer, Purpose, Word

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PIL import Image

    from counterprompt.search.outcome import Settings
    from counterprompt.search.taste.questions import Option, Question

LAYERS = (
    NegativeLayer("base", ("low quality", "blurry", "grainy", "noisy")),
    NegativeLayer("style", ("painting", "watermark", "text", "bad anatomy")),
)
TERMS = [term for layer in LAYERS for term in layer.terms]
BASELINE = GenerationRequest("a house", "", 7, cfg_scale=6.0, width=32, height=32)
LIKING, WAVERING = 0.6, 0.3
RANDOM_COST_BAR = 0.15
FRESH_SEEDS = range(10**6, 10**6 + 200)


def taste_of(repetition: int) -> dict[str, float]:
    """Draw the taste of one repetition: negated term to what that is worth, in baseline spreads."""
    drawn = random.Random(repetition).sample(TERMS, 4)
    return {term: LIKING if at < 2 else -LIKING for at, term in enumerate(drawn)}


class Taster:
    """Likes what the score likes, and some terms; or answers at random, where *taste* is None."""

    def __init__(self, taste: dict[str, float] | None, seed: int) -> None:
        self._taste = taste
        self._random = random.Random(f"taster {seed}")

    def answer(self, question: Question, pictures: Sequence[Image.Image], left: int) -> Answer:
        """Answer the search's questions only."""
        if question.purpose is Purpose.PROOF:
            return Answer(Word.ENOUGH)
        likings = [self._liking(option) for option in question.options]
        return Answer(Word.PICKED, likings.index(max(likings)))

    def _liking(self, option: Option) -> float:
        if self._taste is None:
            return self._random.random()
        params = dict(option.params)
        terms = {term for layer in LAYERS if params.get(f"layer:{layer.name}") for term in layer.terms}
        own = sum(worth for term, worth in self._taste.items() if term in terms and params.get(f"term:{term}"))
        return option.score + own - WAVERING * log(self._random.expovariate(1.0))  # Gumbel


def study(repetition: int, budget: int, asking: Asking | None) -> Settings:
    """Run one study and return its challenger's settings."""
    plan = plan_study(BASELINE, space_for(BASELINE, LAYERS), budget, search_seed=repetition)
    with tempfile.TemporaryDirectory() as folder:
        outcome = run_study(plan, FakeGenerator(), FakeScorer(), None, Path(folder), asking=asking)
    return outcome.challenger or outcome.baseline


def worth(settings: Settings, taste: dict[str, float]) -> tuple[float, float]:
    """Return what *settings* are truly worth by the score and by the person's own liking, in baseline spreads."""
    world = FakeWorld()
    baseline = [world.scores(replace(BASELINE, seed=seed)) for seed in FRESH_SEEDS]
    chosen = replace(
        BASELINE, prompt=settings.prompt, negative_prompt=settings.negative_prompt, cfg_scale=settings.cfg_scale
    )
    scores = [world.scores(replace(chosen, seed=seed)) for seed in FRESH_SEEDS]
    objective = Objective(spread_of(baseline))
    by_score = fmean(objective.delta(each, own).total for each, own in zip(scores, baseline))
    terms = {term.text for term in split_terms(settings.negative_prompt)}
    return by_score, sum(value for term, value in taste.items() if term in terms)


def told(values: Sequence[float]) -> tuple[str, float, float]:
    """Return mean and 95 % interval, as text and the two ends."""
    half = 1.96 * stdev(values) / len(values) ** 0.5
    mean = fmean(values)
    return f"{mean:+.2f} [{mean - half:+.2f}, {mean + half:+.2f}]", mean - half, mean


def main() -> int:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repetitions", type=int, default=12)
    parser.add_argument("--budget", type=int, default=120)
    parser.add_argument("--questions", type=int, default=20)
    parser.add_argument("--weights", type=float, nargs="+", default=[0.7])
    options = parser.parse_args()
    repetitions = range(options.repetitions)
    tastes = [taste_of(at) for at in repetitions]
    alone = [worth(study(at, options.budget, None), tastes[at]) for at in repetitions]
    sys.stdout.write(f"alone: score {told([each[0] for each in alone])[0]}, liking {told([e[1] for e in alone])[0]}\n")
    missed = False
    for weight in options.weights:
        for name in ("taste", "random"):
            found = []
            for at in repetitions:
                person = Taster(tastes[at] if name == "taste" else None, at)
                asking = Asking(person, options.questions, weight)
                found.append(worth(study(at, options.budget, asking), tastes[at]))
            score = told([each[0] - own[0] for each, own in zip(found, alone)])
            liking = told([each[1] - own[1] for each, own in zip(found, alone)])
            both = told([sum(each) - sum(own) for each, own in zip(found, alone)])
            sys.stdout.write(f"{name}, weight {weight:g}: score {score[0]}, liking {liking[0]}, sum {both[0]}\n")
            sys.stdout.flush()
            missed = missed or (liking[1] <= 0 if name == "taste" else score[2] < -RANDOM_COST_BAR)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
