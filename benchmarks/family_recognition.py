"""How often the family of a prompt is recognised, on real pictures and on prompts written for it (issue 3).

Run:    python benchmarks/family_recognition.py [--corpus FOLDER] [--tuning] [--each 25] [--show 5]
Prints: for each set and each state of knowledge a confusion table with counts (rows: the truth), then how many answers
        are right, wrong and "no family", the last counted apart for prompts that nobody could decide.

The corpus (`NAME.json` with what A1111 read; default: $COUNTERPROMPT_CORPUS) names the family in the checkpoint's name
for many pictures, by TRUTHS below; where the name does not tell, the picture is left out and counted. It is read with
the words alone, with words and settings, and with the checkpoint's name too. A corpus picture is undecidable where its
words hold none of the MARKERS, its size is one of every family but SD 1.5, and no name is known that is NAMED.
Written prompts come from `family_prompts`: the held-out templates, or those that rules may be tuned by (`--tuning`).
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).parents[1] / "extension"))
sys.path.insert(0, str(Path(__file__).parent))

from family_prompts import HELD_OUT, TUNING, write_prompts

from counterprompt.infotext.parse import parse_infotext
from counterprompt.prompts.families import ModelFamily
from counterprompt.prompts.family_guess import FamilyHints, hints_from, recognise_family

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_XL = (ModelFamily.SDXL, ModelFamily.PONY, ModelFamily.ILLUSTRIOUS)
TRUTHS = (
    (r"ponyDiffusion", (ModelFamily.PONY,)),
    (r"noobai|illustriousXL", (ModelFamily.ILLUSTRIOUS,)),
    (r"sd_xl_base|animagineXL|kohakuXL|counterfeitxl|OpenDalle|nyanflow-xl", (ModelFamily.SDXL,)),
    (r"^_?x\d+[a-z]?\d?-", _XL),
    (r"MeinaMix|realisticVision|-sd-v1-4", (ModelFamily.SD15,)),
)
"""Name of a checkpoint to the families it may count as, the first that fits. The corpus's author numbers merges of SDXL
checkpoints x1, x2, ...; they hold Pony's and Illustrious' weights too, so that any of the three is right."""
MARKERS = re.compile(
    r"score_\d|source_(?:anime|furry|cartoon|pony)|rating_(?:safe|explicit|questionable)|\bvery (?:awa|aesthetic)\b"
    r"|\bnewest\b|\byear[ _]20\d\d|displeasing|worst aesthetic|pdxl|xlv\d|negativexl|easynegative|badhand|baddream"
    r"|amazing quality|worst detail|\bartist:",
    re.IGNORECASE,
)
"""Words that a person would decide by; kept apart from the tables of the package on purpose."""
NAMED = re.compile(r"pony|noob|illustrious|xl_|XL|-xl-|dalle|sd-v1|meina|realisticvision", re.IGNORECASE)
"""Checkpoints whose name says what they descend from."""
SMALL = 640 * 640
"""Pixels at which SDXL and its kin are not used; larger sizes leave the family open."""
NO_FAMILY = ModelFamily.UNKNOWN


@dataclass(frozen=True)
class Question:
    """One prompt to recognise."""

    truth: tuple[ModelFamily, ...]
    """Right answers; empty: nobody can tell."""
    label: str
    """The truth in a word, a row of the table."""
    prompt: str
    """As in the picture."""
    negative_prompt: str
    """As in the picture."""
    hints: FamilyHints
    """What else may be known."""


def corpus_questions(folder: Path) -> tuple[list[Question], int]:
    """Read the corpus; return what names its family, and how many pictures do not."""
    questions, left_out = [], 0
    for path in sorted(folder.rglob("*.json")):
        params = parse_infotext(json.loads(path.read_text("utf-8")).get("info") or "")
        name = params.model_name or ""
        truth = next((families for pattern, families in TRUTHS if re.search(pattern, name)), None)
        if truth is None:
            left_out += 1
            continue
        label = "SDXL or kin" if len(truth) > 1 else truth[0].value
        questions.append(Question(truth, label, params.prompt, params.negative_prompt, hints_from(params)))
    return questions, left_out


def as_known(questions: Iterable[Question], *, settings: bool, name: bool = False) -> Iterator[Question]:
    """Forget what is not known; what then holds nothing that a person would decide by is undecidable."""
    for one in questions:
        hints = replace(one.hints, checkpoint=one.hints.checkpoint if name else "") if settings else FamilyHints()
        is_small = 0 < (hints.width or 0) * (hints.height or 0) <= SMALL
        is_open = is_small or NAMED.search(hints.checkpoint) or MARKERS.search(f"{one.prompt}, {one.negative_prompt}")
        yield replace(one, hints=hints, truth=one.truth if is_open else ())


def judge(title: str, questions: Iterable[Question], shown: int) -> list[str]:
    """Ask all and word the answers."""
    table: Counter[tuple[str, str]] = Counter()
    sums: Counter[str] = Counter()
    faults = []
    for one in questions:
        answer = recognise_family(one.prompt, one.negative_prompt, one.hints).family
        table[one.label, answer.value] += 1
        kind = _kind(one, answer)
        sums[kind] += 1
        if kind.startswith(("wrong", "an answer")):
            faults.append(f"  {kind}: {one.label} read as {answer.value}: {one.prompt[:90]!r}")
    columns = [family.value for family in ModelFamily]
    lines = [
        "",
        title,
        f"  {'':<14}" + "".join(f"{'no family' if name == 'unknown' else name:>13}" for name in columns),
    ]
    for label in sorted({row for row, _ in table}):
        lines.append(f"  {label:<14}" + "".join(f"{table[label, name] or '.':>13}" for name in columns))
    lines.append("  " + "; ".join(f"{kind} {count}" for kind, count in sorted(sums.items())))
    decidable = sums["right"] + sums["wrong"] + sums["no family"]
    if decidable:
        right, wrong = sums["right"] / decidable, sums["wrong"] / decidable
        lines.append(f"  of {decidable} decidable ones {right:.1%} right, {wrong:.1%} wrong")
    return [*lines, *faults[:shown]]


def _kind(question: Question, answer: ModelFamily) -> str:
    if not question.truth:
        return "no family, undecidable" if answer is NO_FAMILY else "an answer to the undecidable"
    if answer is NO_FAMILY:
        return "no family"
    return "right" if answer in question.truth else "wrong"


def main() -> int:
    """Judge every set and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, default=os.environ.get("COUNTERPROMPT_CORPUS"))
    parser.add_argument("--tuning", action="store_true")
    parser.add_argument("--each", type=int, default=25)
    parser.add_argument("--show", type=int, default=5)
    chosen = parser.parse_args()
    lines = []
    if chosen.corpus:
        questions, left_out = corpus_questions(Path(chosen.corpus))
        lines += [f"{len(questions)} pictures of the corpus name their family, {left_out} do not and are left out."]
        lines += judge("Corpus, words only", as_known(questions, settings=False), chosen.show)
        unnamed = as_known(questions, settings=True)
        lines += judge("Corpus, words and settings", unnamed, chosen.show)
        everything = as_known(questions, settings=True, name=True)
        lines += judge("Corpus, words, settings and checkpoint", everything, chosen.show)
    written = [
        Question(
            one.families,
            " or ".join(family.value for family in one.families) or "undecidable",
            one.prompt,
            one.negative_prompt,
            one.hints,
        )
        for one in write_prompts(TUNING if chosen.tuning else HELD_OUT, chosen.each, seed=1 if chosen.tuning else 2)
    ]
    title = "Tuning" if chosen.tuning else "Held-out"
    lines += judge(
        f"{title} templates, words only", [replace(one, hints=FamilyHints()) for one in written], chosen.show
    )
    lines += judge(f"{title} templates, words and settings", written, chosen.show)
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
