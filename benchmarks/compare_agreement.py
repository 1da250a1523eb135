"""How often `compare` chooses as the truth does, on constructed cases (issue 3; the bar is 95 % of 200).

Run:    python benchmarks/compare_agreement.py [--cases 200] [--first-seed 1000000] [--seeds 32] [--truth-seeds 24]
            [--store FOLDER] [--jobs 1] [--minutes 600] [--show]
Prints: with --show each case as it is done: what compare said, then for each prompt its truth with the standard error,
        how far it is behind by compare's own measure, and the components of that. Then a line for each kind of case
        and for all: how often the prompt that compare says to use is not provably worse than another (with the 95 %
        interval of that share, by Wilson), how often it is that of the best mean, how often compare was decided, how
        many seeds it drew on, how often the advice alone is not provably worse, and how often the choice is not if
        content alone is asked for. What is right is defined in comparison_truth.py, and was before this was measured.

Cases from seed 1,000,000 on are held out; the measure was developed on those below. Pictures are kept in --store, so
that a run which was stopped, or ran out of --minutes, goes on where it was. On one core of a shared machine a case
takes half a minute, and nothing the second time.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import time
from collections import defaultdict
from dataclasses import dataclass
from functools import cache, partial
from itertools import takewhile
from math import sqrt
from multiprocessing import get_context
from pathlib import Path
from statistics import fmean
from typing import TYPE_CHECKING, NoReturn

sys.path.insert(0, str(Path(__file__).parents[1] / "extension"))

from advice_cases import advise_on
from comparison_truth import is_provably_worse, judge_prompts, rightness, rightness_of_content
from picture_store import PictureStore, StoredGenerator

from counterprompt.advice.inventory import ResourceKind
from counterprompt.bootstrap import generators, pictures, studies, taggers
from counterprompt.errors import InvalidInputError
from counterprompt.miniature.cases import AdviceCase, build_cases
from counterprompt.miniature.judge import load_judge
from counterprompt.ports import SilentProgress
from counterprompt.report.answers import choice_of
from counterprompt.scoring.clip_scorer import ClipScorer
from counterprompt.scoring.reference import ClipReferenceScorer
from counterprompt.search.comparison import Comparer
from counterprompt.search.comparison_result import COMPONENTS, Comparison, settled_choice
from counterprompt.search.statistics import standard_error
from counterprompt.settings import Settings
from counterprompt.workflow.baseline import TuneChoices, baseline_request
from counterprompt.workflow.comparing import compare

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from counterprompt.ports import ImageGenerator, Tagger

BAR = 0.95
"""Share of cases that issue 3 asks for."""


@dataclass(frozen=True)
class Adapters:
    """The miniature behind every port."""

    generator: ImageGenerator
    tagger: Tagger
    scorer: ClipScorer
    store: PictureStore


@dataclass(frozen=True)
class Agreement:
    """How one comparison stands to the truth."""

    kind: str
    """What is the matter with the case's prompt; see `miniature.cases`."""
    agrees: bool
    """Whether the prompt to use is not provably worse than another."""
    is_best: bool
    """Whether none has a better mean."""
    decided: bool
    """Whether the comparison called it beyond doubt."""
    seeds: int
    """Seeds that it drew on."""
    advice_agrees: bool
    """Whether the advised prompt is not provably worse than another."""
    content_agrees: bool
    """Whether the prompt to use is not provably worse where new defects do not count."""
    lines: tuple[str, ...]
    """What --show shows."""


@cache
def load_adapters(folder: Path) -> Adapters:
    """Load everything once for each process; pictures are kept in *folder*."""
    settings = Settings(Path(tempfile.gettempdir()))
    choice = generators.GeneratorChoice("miniature")
    generator = generators.load_generator(choice)
    scorer = studies.load_adapters(choice, generator, settings, SilentProgress(), _no_picture).scorer
    assert isinstance(scorer, ClipScorer)
    return Adapters(generator, taggers.load_tagger(settings), scorer, PictureStore(folder / "pictures.sqlite3"))


def run_case(case: AdviceCase, chosen: argparse.Namespace) -> Agreement | None:
    """Compare, then look at the truth; None where all prompts are the same."""
    adapters = load_adapters(chosen.store)
    with tempfile.TemporaryDirectory() as folder:
        story = advise_on(case, adapters.tagger, Path(folder))
        image = pictures.open_picture(Path(folder) / "case.png")
    loras = frozenset(each.name for each in case.inventory.files if each.kind is ResourceKind.LORA)
    generator = StoredGenerator(adapters.generator, loras, adapters.store)
    choices = generators.fit_choices(TuneChoices(), generators.GeneratorChoice("miniature"))
    comparer = Comparer(generator, ClipReferenceScorer(adapters.scorer, image), adapters.tagger, SilentProgress())
    try:
        found = compare(story, comparer, choices, goal=case.goal, seeds=chosen.seeds)
    except InvalidInputError:
        return None
    drawn = random.Random(f"truth {case.seed}").sample(range(2**32), chosen.truth_seeds)
    fresh = [seed for seed in drawn if seed not in found.seeds]
    variants, request = [result.variant for result in found.results], baseline_request(story, choices)
    judged = judge_prompts(variants, request, generator, load_judge(), fresh)
    truth = {name: [rightness(each, case.scene) for each in row] for name, row in judged.items()}
    content = {name: [rightness_of_content(each, case.scene) for each in row] for name, row in judged.items()}
    return _agreement(case, found, choice_of(story.advice), truth, content)


def _agreement(
    case: AdviceCase,
    found: Comparison,
    advised: str,
    truth: Mapping[str, Sequence[float]],
    content: Mapping[str, Sequence[float]],
) -> Agreement:
    use = settled_choice(found, advised)
    agrees = not is_provably_worse(use, truth)
    head = f"{'agrees' if agrees else 'DISAGREES'}: {case.kind.value}, seed {case.seed}, goal {case.goal}: use {use}"
    lines = [f"{head}, decided {found.is_decided} on {len(found.seeds)}; advised {advised}; {case.scene}"]
    for result in found.results:
        name = result.variant.name
        error, behind = standard_error(truth[name]), result.lead.mean if result.lead else 0.0
        means = ", ".join(f"{component} {result.mean(component):.3f}" for component in COMPONENTS)
        lines.append(f"    {name:<9} truth {fmean(truth[name]):.3f} ± {error:.3f}, behind {behind:.2f} σ: {means}")
    return Agreement(
        kind=case.kind.value,
        agrees=agrees,
        is_best=fmean(truth[use]) == max(map(fmean, truth.values())),
        decided=found.is_decided,
        seeds=len(found.seeds),
        # An advised prompt that says the same as another one is known by the name of the first.
        advice_agrees=advised not in truth or not is_provably_worse(advised, truth),
        content_agrees=not is_provably_worse(use, content),
        lines=tuple(lines),
    )


def run_cases(cases: Sequence[AdviceCase], chosen: argparse.Namespace) -> Iterator[Agreement | None]:
    """Run the cases, in order, until the time is over."""
    until = time.monotonic() + 60 * chosen.minutes
    in_time = partial(takewhile, lambda _: time.monotonic() < until)
    if chosen.jobs == 1:
        yield from (run_case(case, chosen) for case in in_time(cases))
        return
    with get_context("spawn").Pool(chosen.jobs) as pool:
        yield from in_time(pool.imap(partial(run_case, chosen=chosen), cases))


def wilson_interval(right: int, count: int) -> tuple[float, float]:
    """Return the 95 % interval of a share of *count* (at least 1) by Wilson's score (1927)."""
    z2, share = 1.959964**2, right / count
    middle = (share + z2 / (2 * count)) / (1 + z2 / count)
    half = sqrt(z2 * (share * (1 - share) / count + z2 / (4 * count**2))) / (1 + z2 / count)
    return middle - half, middle + half


def main() -> int:
    """Run the cases and print; exit with 1 below the bar."""
    chosen = _parse_arguments()
    rows: dict[str, list[Agreement]] = defaultdict(list)
    alike = 0
    for found in run_cases(build_cases(chosen.cases, chosen.first_seed), chosen):
        if found is None:
            alike += 1
            continue
        rows[found.kind].append(found)
        _write(found.lines if chosen.show else ())
    every = [each for results in rows.values() for each in results]
    if not every:
        _write(["No case was done."])
        return 1
    rows["all"] = every
    _write(map(_line, rows.items()))
    _write([f"left out, all prompts alike: {alike}; not done: {chosen.cases - alike - len(every)}"])
    share = fmean(each.agrees for each in every)
    _write([f"bar {BAR:.0%}: {'met' if share >= BAR else 'missed'} on {len(every)} of {chosen.cases} cases"])
    return 0 if share >= BAR else 1


def _parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in (
        ("--cases", 200),
        ("--first-seed", 1_000_000),
        ("--seeds", 32),
        ("--truth-seeds", 24),
        ("--jobs", 1),
    ):
        parser.add_argument(name, type=int, default=default)
    parser.add_argument("--minutes", type=float, default=600.0)
    parser.add_argument("--store", type=Path, default=Path(tempfile.gettempdir()) / f"compare-agreement-{os.getuid()}")
    parser.add_argument("--show", action="store_true")
    return parser.parse_args()


def _line(row: tuple[str, list[Agreement]]) -> str:
    kind, results = row
    count = len(results)

    def share(name: str) -> str:
        return f"{sum(getattr(each, name) for each in results) / count:.1%}"

    low, high = wilson_interval(sum(each.agrees for each in results), count)
    return (
        f"{kind:<26} {count:>3} cases: agrees {share('agrees')} ({low:.1%} to {high:.1%}), best {share('is_best')}, "
        f"decided {share('decided')} on {fmean(each.seeds for each in results):.0f} seeds; advice alone "
        f"{share('advice_agrees')}; by content alone {share('content_agrees')}"
    )


def _write(lines: Iterable[str]) -> None:
    for line in lines:
        sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _no_picture() -> NoReturn:
    raise AssertionError("The miniature's scorer is tested on pairs of its own.")


if __name__ == "__main__":
    sys.exit(main())
