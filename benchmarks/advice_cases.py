"""How often the advice is right on constructed cases (issue 3; the bar is 90 % of 200, of every kind together).

Run:    python benchmarks/advice_cases.py [--cases 200] [--first-seed 0] [--show 10] [--oracle]
Prints: a line for each kind of case with the share of right advice, then the share of all, then the first faults.

Every case goes the whole way: a picture is drawn from its scene, saved with its infotext, read back, tagged with the
miniature's tagger, compared and advised on. `--oracle` puts the drawn truth in the tagger's place, which shows what the
rules alone do. Seeds from 1,000,000 on are held out: nobody tunes a rule by them.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).parents[1] / "extension"))

from counterprompt.bootstrap import pictures, taggers
from counterprompt.miniature.cases import AdviceCase, CaseKind, build_cases
from counterprompt.miniature.drawing import draw
from counterprompt.miniature.labels import TAGS, tags_of
from counterprompt.miniature.tagger import UNSPOKEN
from counterprompt.settings import Settings
from counterprompt.tags.observed import ObservedTag, ObservedTags, TagCategory
from counterprompt.workflow.story import tell_story

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PIL import Image

    from counterprompt.ports import Tagger
    from counterprompt.workflow.story import PictureStory

BAR = 0.9
"""Share of right advice that issue 3 asks for."""


class Oracle:
    """Implements `ports.Tagger`: says what was drawn."""

    vocabulary = frozenset(TAGS) - UNSPOKEN

    def __init__(self, case: AdviceCase) -> None:
        self._tags = sorted(tags_of(case.scene) & self.vocabulary)

    def tag(self, images: Sequence[Image.Image]) -> list[ObservedTags]:
        """Say the same of each picture."""
        tags = tuple(ObservedTag(tag, TagCategory.GENERAL, 0.95) for tag in self._tags)
        return [ObservedTags(tags, self.vocabulary) for _ in images]


def advise_on(case: AdviceCase, tagger: Tagger, folder: Path) -> PictureStory:
    """Draw, save, read, tag, compare and advise."""
    from PIL import Image, PngImagePlugin

    info = PngImagePlugin.PngInfo()
    info.add_text("parameters", case.infotext)
    path = folder / "case.png"
    Image.fromarray(draw(case.scene)).save(path, pnginfo=info)
    image = pictures.open_picture(path)
    return tell_story(pictures.read_picture(path), image, tagger, case.goal, inventory=case.inventory)


@dataclass
class Tally:
    """What the cases gave."""

    right: dict[CaseKind, list[bool]] = field(default_factory=lambda: defaultdict(list))
    """Kind to whether the advice was right, case by case."""
    confidences: dict[bool, list[float]] = field(default_factory=lambda: defaultdict(list))
    """Whether it was right to how sure it was."""
    true_prompts: int = 0
    """Cases with the right advice whose proposed prompt names nothing that is not drawn."""
    faults: list[str] = field(default_factory=list)
    """Two lines for each case that went wrong."""

    @property
    def share(self) -> float:
        """Share of all cases with the right advice."""
        every = [result for results in self.right.values() for result in results]
        return sum(every) / len(every)

    def lines(self, shown: int) -> list[str]:
        """Word it, with the first *shown* faults."""
        rows = [(kind.value, results) for kind, results in self.right.items()]
        rows.append(("all", [result for results in self.right.values() for result in results]))
        lines = [f"{name:<26} {sum(one):>3} of {len(one):>3} right, {sum(one) / len(one):.1%}" for name, one in rows]
        lines[-1] += f" (bar {BAR:.0%})"
        lines.append(f"right, and the prompt names nothing untrue: {self.true_prompts}")
        for is_right, values in sorted(self.confidences.items(), reverse=True):
            word = "right" if is_right else "wrong"
            lines.append(f"mean confidence where {word}: {sum(values) / len(values):.2f}")
        return [*lines, *self.faults[:shown]]


def run_cases(cases: Sequence[AdviceCase], tagger: Tagger | None) -> Tally:
    """Advise on each case with *tagger*, or with its own truth where that is None."""
    tally = Tally()
    with tempfile.TemporaryDirectory() as folder:
        for case in cases:
            story = advise_on(case, tagger or Oracle(case), Path(folder))
            fault = case.expected.fault_of(story.advice.choice.value, story.advice.prompt)
            tally.right[case.kind].append(not fault)
            tally.confidences[not fault].append(story.advice.confidence)
            tally.true_prompts += not fault and not case.expected.invented(story.advice.prompt)
            if fault:
                tally.faults.append(f"{case.kind.value}, seed {case.seed}: {fault}\n    {_seen(case, story)}")
    return tally


def main() -> int:
    """Run the cases and print; exit with 1 below the bar."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=200)
    parser.add_argument("--first-seed", type=int, default=0)
    parser.add_argument("--show", type=int, default=10)
    parser.add_argument("--oracle", action="store_true")
    chosen = parser.parse_args()
    tagger = None if chosen.oracle else taggers.load_tagger(Settings(Path(tempfile.gettempdir())))
    tally = run_cases(build_cases(chosen.cases, chosen.first_seed), tagger)
    sys.stdout.write("\n".join(tally.lines(chosen.show)) + "\n")
    return 0 if tally.share >= BAR else 1


def _seen(case: AdviceCase, story: PictureStory) -> str:
    seen = ", ".join(tag.name for tag in story.observed.tags)
    rules = " ".join(f"{reason.rule_id}{reason.weight:+g}" for reason in story.advice.reasons)
    return f"is {', '.join(sorted(tags_of(case.scene)))}; seen {seen}; {rules}; proposed {story.advice.prompt[:150]}"


if __name__ == "__main__":
    sys.exit(main())
