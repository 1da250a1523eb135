"""How often `compare` chooses as the truth does, on constructed cases (issue 3; the bar is 95 %).

Run:    python benchmarks/compare_agreement.py [--cases 60] [--seeds 16] [--truth-seeds 32] [--first-seed 0]
Prints: a line for each kind of case, then all: how often the prompt that `compare` says to use is not provably worse
        than the truly best one, how often it is that very one, and how often the comparison was decided.

The truth of a prompt is what the miniature's judge, which neither search nor comparison ever sees, says of pictures
on other seeds: how many of shape, colour, background and style are those of the dropped picture's scene. "Provably
worse" is a paired 95 % interval below zero on those seeds. What holds on the miniature is said of the miniature alone.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from collections import defaultdict
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).parents[1] / "extension"))

from advice_cases import advise_on

from counterprompt import workflow
from counterprompt.advice.inventory import ResourceKind
from counterprompt.bootstrap import generators, pictures, studies, taggers
from counterprompt.errors import InvalidInputError
from counterprompt.miniature.cases import AdviceCase, build_cases
from counterprompt.miniature.judge import Judge, load_judge
from counterprompt.miniature.labels import GROUPS, tags_of
from counterprompt.ports import SilentProgress
from counterprompt.report.answers import choice_of
from counterprompt.scoring.clip_scorer import ClipScorer
from counterprompt.search.comparison import Comparer
from counterprompt.search.comparison_result import Comparison, settled_choice
from counterprompt.search.statistics import paired_estimate
from counterprompt.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PIL import Image

    from counterprompt.ports import GenerationRequest, ImageGenerator

BAR = 0.95
"""Share of cases that issue 3 asks for."""


@dataclass(frozen=True)
class OnlyInstalled:
    """A generator that has only the LoRAs that the case's inventory has."""

    generator: ImageGenerator
    """Draws."""
    names: frozenset[str]
    """The LoRAs it admits to."""

    @property
    def name(self) -> str:
        """The generator's own."""
        return self.generator.name

    @property
    def batch_size(self) -> int:
        """The generator's own."""
        return self.generator.batch_size

    def generate(self, requests: Sequence[GenerationRequest]) -> list[Image.Image]:
        """Draw."""
        return self.generator.generate(requests)

    def lora_names(self) -> frozenset[str]:
        """Say what the case has."""
        return self.names


@dataclass(frozen=True)
class Agreement:
    """How one comparison stands to the truth."""

    agrees: bool
    """Whether the prompt to use is not provably worse than the truly best."""
    is_best: bool
    """Whether it is the truly best."""
    decided: bool
    """Whether the comparison called it beyond doubt."""


def true_scores(
    found: Comparison, case: AdviceCase, request: GenerationRequest, generator: ImageGenerator, judge: Judge, seeds: int
) -> dict[str, list[float]]:
    """Return each prompt's share of right groups, 0 to 1, on each of *seeds* seeds that the comparison never used."""
    drawn = random.Random(f"truth {case.seed}").sample(range(2**32), seeds)
    fresh = [seed for seed in drawn if seed not in found.seeds]
    wanted = tags_of(case.scene)
    scores = {}
    for result in found.results:
        worded = replace(request, prompt=result.variant.prompt, negative_prompt=result.variant.negative_prompt)
        images = []
        for start in range(0, len(fresh), generator.batch_size):
            block = fresh[start : start + generator.batch_size]
            images += generator.generate([replace(worded, seed=seed) for seed in block])
        scores[result.variant.name] = [
            sum(one.most_likely(group) in wanted for group in GROUPS) / len(GROUPS) for one in judge.judge(images)
        ]
    return scores


def run_case(case: AdviceCase, adapters: Comparer, judge: Judge, chosen: argparse.Namespace) -> Agreement | None:
    """Compare, then look at the truth; None where all prompts are the same."""
    with tempfile.TemporaryDirectory() as folder:
        story = advise_on(case, adapters.tagger, Path(folder))
        image = pictures.open_picture(Path(folder) / "case.png")
    loras = frozenset(each.name for each in case.inventory.files if each.kind is ResourceKind.LORA)
    generator = OnlyInstalled(adapters.generator, loras)
    choices = generators.fit_choices(workflow.TuneChoices(), generators.GeneratorChoice("miniature"))
    comparer = replace(adapters, generator=generator, reference=image)
    try:
        found = workflow.compare(story, comparer, choices, goal=case.goal, seeds=chosen.seeds)
    except InvalidInputError:
        return None
    request = workflow.baseline_request(story, choices)
    truth = true_scores(found, case, request, generator, judge, chosen.truth_seeds)
    use = settled_choice(found, choice_of(story.advice))
    best = max(truth, key=lambda name: sum(truth[name]))
    behind = paired_estimate([ahead - own for ahead, own in zip(truth[best], truth[use])])
    return Agreement(behind.low <= 0, behind.mean == 0, found.is_decided)


def main() -> int:
    """Run the cases and print; exit with 1 below the bar."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=60)
    parser.add_argument("--first-seed", type=int, default=0)
    parser.add_argument("--seeds", type=int, default=16)
    parser.add_argument("--truth-seeds", type=int, default=32)
    chosen = parser.parse_args()
    adapters, judge = load_adapters(), load_judge()
    rows: dict[str, list[Agreement]] = defaultdict(list)
    for case in build_cases(chosen.cases, chosen.first_seed):
        found = run_case(case, adapters, judge, chosen)
        if found is not None:
            rows[case.kind.value].append(found)
    rows["all"] = [each for results in list(rows.values()) for each in results]
    alike = chosen.cases - len(rows["all"])
    sys.stdout.write("\n".join([*map(_line, rows.items()), f"left out, all prompts alike: {alike}", ""]))
    share = sum(each.agrees for each in rows["all"]) / len(rows["all"])
    sys.stdout.write(f"bar {BAR:.0%}: {'met' if share >= BAR else 'missed'}\n")
    return 0 if share >= BAR else 1


def load_adapters() -> Comparer:
    """Load the miniature behind every port; the reference is set case by case."""
    from PIL import Image

    settings = Settings(Path(tempfile.gettempdir()))
    choice = generators.GeneratorChoice("miniature")
    generator = generators.load_generator(choice)
    blank = Image.new("RGB", (64, 64))
    scorer = studies.load_adapters(choice, generator, settings, SilentProgress(), lambda: blank).scorer
    assert isinstance(scorer, ClipScorer)
    return Comparer(generator, scorer, taggers.load_tagger(settings), SilentProgress(), blank)


def _line(row: tuple[str, list[Agreement]]) -> str:
    kind, results = row
    count = len(results)
    agrees, best, decided = (sum(getattr(each, name) for each in results) for name in ("agrees", "is_best", "decided"))
    return f"{kind:<26} {count:>3} cases: agrees {agrees / count:.1%}, best {best / count:.1%}, decided {decided}"


if __name__ == "__main__":
    sys.exit(main())
