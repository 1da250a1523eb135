"""Kill -9 at random moments of studies: nothing recorded is lost, nothing is drawn again, the outcome is the same.

    PYTHONPATH=extension python benchmarks/kill_nine.py                       200 kills on the fake generator, minutes
    PYTHONPATH=extension python benchmarks/kill_nine.py --kills 20 --generator miniature

Each study is first run without interruption. Then a child process runs the same plan in a new folder and is killed
outright after a random time, started again, killed again, until it ends; then the next study, with another search seed,
until there were as many kills as asked for. The child notes every picture it is about to draw in a log of its own.

Bars, all of which must hold (issue 4, "Machinery"):
- lost: scores that stood in the record when the child was killed and are changed or gone afterwards: 0;
- drawn again: pictures drawn although their score stood in the record: 0;
- most in flight: pictures drawn twice because of one kill: at most one batch;
- differing outcomes: studies whose outcome is not, field by field, that of the run without interruption: 0.

Exit code 1 where a bar is missed.

Seen, since trials are kept in a journal: twice 200 kills on the fake generator, over 19 and over 14 studies, every bar
met (most in flight: one batch of four; kills by quarter of the study 28, 57, 53, 62 and 34, 61, 59, 46).
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from counterprompt.errors import InvalidInputError
from counterprompt.generation.fake import FakeGenerator, FakeScorer
from counterprompt.negative.layers import NegativeLayer
from counterprompt.ports import GenerationRequest, ImageGenerator, Scorer
from counterprompt.search.plan import StudyPlan, plan_study
from counterprompt.search.record import picture_key
from counterprompt.search.space import space_for
from counterprompt.search.study import run_study

LOG = "drawn.log"
LINE = 65
"""Bytes of one line of the log."""
LINGER_S = 0.003
"""Seconds that a batch takes at least, so that some kills meet one in flight."""
LAYERS = (NegativeLayer("base", ("low quality", "blurry")), NegativeLayer("style", ("painting", "watermark")))


class Logged:
    """A generator that notes every picture before it is drawn."""

    def __init__(self, inner: ImageGenerator, log: Path, scorer_name: str) -> None:
        self.inner = inner
        self.log = log
        self.scorer_name = scorer_name
        self.name = inner.name
        self.batch_size = inner.batch_size

    def lora_names(self) -> frozenset[str] | None:
        """As the generator inside says."""
        return self.inner.lora_names()

    def generate(self, requests: list[GenerationRequest]) -> list[Any]:
        """Note, then draw."""
        with self.log.open("a") as log:
            log.write("".join(picture_key(request, self.scorer_name) + "\n" for request in requests))
        time.sleep(LINGER_S)
        return self.inner.generate(requests)


@dataclass(frozen=True)
class Moment:
    """When a child is killed."""

    pictures: int | None
    """After so many pictures in the log; None: whatever it is doing."""
    delay_s: float
    """And so many seconds later."""


def draw_moment(draw: random.Random, pictures: int, budget: int) -> Moment:
    """Draw a moment: three in ten while the program starts or replays, the others up to a sixth of the study later."""
    if draw.random() < 0.3:
        return Moment(None, draw.uniform(0, 0.5))
    return Moment(pictures + draw.randrange(1, max(2, budget // 6)), draw.uniform(0, 0.05))


@dataclass
class Findings:
    """What has been seen so far."""

    kills: int = 0
    """Children killed."""
    studies: int = 0
    """Studies that ended."""
    lost: int = 0
    """Recorded scores that were gone or changed."""
    drawn_again: int = 0
    """Pictures drawn although their score was recorded."""
    most_in_flight: int = 0
    """Most pictures that one kill made to be drawn twice."""
    differing: int = 0
    """Studies with another outcome."""
    recorded_at_kill: list[float] = field(default_factory=list)
    """Share of its study's pictures that was recorded at each kill."""

    def is_good(self, batch_size: int) -> bool:
        """Whether every bar holds."""
        return not (self.lost or self.drawn_again or self.differing) and self.most_in_flight <= batch_size


@dataclass(frozen=True)
class Subject:
    """What is killed."""

    generator: ImageGenerator
    """Draws."""
    scorer: Scorer
    """Scores."""
    budget: int
    """Pictures of a study."""
    baseline: GenerationRequest
    """The user's own settings."""

    def plan(self, search_seed: int) -> StudyPlan:
        """Plan one study."""
        return plan_study(self.baseline, space_for(self.baseline, LAYERS), self.budget, search_seed=search_seed)


def fake_subject(budget: int) -> Subject:
    """The fake generator: many kills in little time."""
    baseline = GenerationRequest("a house <lora:style:1>", "painting,", 7, cfg_scale=5.0, width=32, height=32)
    return Subject(FakeGenerator(batch_size=4), FakeScorer(), budget, baseline)


def miniature_subject(budget: int) -> Subject:
    """The miniature: real sampling and real scoring; its models are loaded once and inherited by every child."""
    from counterprompt.bootstrap.miniature import miniature_folder, miniature_generator
    from counterprompt.scoring.clip_scorer import load_clip_scorer

    baseline = GenerationRequest("a red house", "", 7, steps=6, cfg_scale=5.0, width=64, height=64)
    generator, scorer = miniature_generator(), load_clip_scorer(miniature_folder() / "clip")
    scorer.score(generator.generate([baseline]), baseline.prompt)
    return Subject(generator, scorer, budget, baseline)


def recorded(folder: Path) -> dict[str, str]:
    """Read every recorded score of the study in *folder*, as text by picture key."""
    if not (folder / "scores.sqlite3").exists():
        return {}
    with sqlite3.connect(folder / "scores.sqlite3", timeout=30) as connection:
        try:
            return dict(connection.execute("SELECT picture_key, scores FROM picture_scores"))
        except sqlite3.OperationalError:
            return {}  # killed before the table was there


def drawn(folder: Path) -> list[str]:
    """Read the log of drawn pictures."""
    return (folder / LOG).read_text().split() if (folder / LOG).exists() else []


def start_child(subject: Subject, plan: StudyPlan, folder: Path) -> int:
    """Run the study in a child process and return its id; it exits with 0 when the study ends."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            run_study(plan, Logged(subject.generator, folder / LOG, subject.scorer.name), subject.scorer, None, folder)
            code = 0
        except InvalidInputError as error:
            sys.stderr.write(f"{error}\n")
        finally:
            os._exit(code)
    return child


def ended_before(child: int, moment: Moment, folder: Path) -> bool:
    """Wait for *child* until *moment*; say whether it ended by itself before.

    Raises:
        SystemExit: it ended with an error.
    """
    started = time.monotonic()
    due = started + moment.delay_s if moment.pictures is None else None
    log = folder / LOG
    while due is None or time.monotonic() < due:
        pid, status = os.waitpid(child, os.WNOHANG)
        if pid:
            if status:
                raise SystemExit(f"A child failed with status {status}; its error is above.")
            return True
        if due is None and log.exists() and log.stat().st_size >= (moment.pictures or 0) * LINE:
            due = time.monotonic() + moment.delay_s
        time.sleep(0.001)
    return False


def kill(child: int) -> None:
    """Kill *child* outright."""
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def torment(subject: Subject, plan: StudyPlan, folder: Path, kills: int, found: Findings) -> None:
    """Run one study to its end, killing it until there were *kills* in all."""
    draw = random.Random(plan.search_seed)
    before: dict[str, str] = {}
    log_before = 0
    while True:
        child = start_child(subject, plan, folder)
        moment = draw_moment(draw, log_before, plan.picture_budget) if found.kills < kills else Moment(None, 600)
        is_over = ended_before(child, moment, folder)
        if not is_over:
            kill(child)
            found.kills += 1
        after, log = recorded(folder), drawn(folder)
        found.lost += sum(after.get(key) != scores for key, scores in before.items())
        found.drawn_again += sum(key in before for key in log[log_before:])
        if is_over:
            return
        found.most_in_flight = max(found.most_in_flight, sum(key not in after for key in set(log)))
        found.recorded_at_kill.append(len(after) / plan.picture_budget)
        before, log_before = after, len(log)


def run(subject: Subject, kills: int, found: Findings, folder: Path) -> None:
    """Kill studies until there were *kills*, and finish the last one."""
    while found.kills < kills:
        plan = subject.plan(found.studies)
        whole, broken = folder / f"{found.studies}-whole", folder / f"{found.studies}-broken"
        started = time.monotonic()
        expected = run_study(plan, subject.generator, subject.scorer, None, whole).to_json()
        usual_s = time.monotonic() - started
        broken.mkdir()
        torment(subject, plan, broken, kills, found)
        outcome = json.loads((broken / "outcome.json").read_text())
        is_same = outcome == json.loads(json.dumps(expected)) and recorded(whole) == recorded(broken)
        found.differing += not is_same
        found.studies += 1
        sys.stdout.write(f"{found.studies} studies, {found.kills} kills, {usual_s:.1f} s without interruption\n")
        sys.stdout.flush()


def main() -> int:
    """Run and report."""
    parser = argparse.ArgumentParser(description="Kill studies and see whether anything is lost.")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--generator", choices=("fake", "miniature"), default="fake")
    parser.add_argument("--budget", type=int, default=120, help="pictures of each study")
    options = parser.parse_args()
    subject = (fake_subject if options.generator == "fake" else miniature_subject)(options.budget)
    found = Findings()
    with tempfile.TemporaryDirectory(prefix="kill-nine-") as folder:
        run(subject, options.kills, found, Path(folder))
    quarters = Counter(min(3, int(4 * share)) for share in found.recorded_at_kill)
    sys.stdout.write(
        f"{subject.generator.name}: {found.kills} kills over {found.studies} studies of {options.budget} pictures\n"
        f"kills by quarter of the study: {[quarters[at] for at in range(4)]}\n"
        f"recorded scores lost: {found.lost}\n"
        f"pictures drawn again although recorded: {found.drawn_again}\n"
        f"most pictures in flight at a kill: {found.most_in_flight} (batch {subject.generator.batch_size})\n"
        f"differing outcomes: {found.differing}\n"
    )
    return 0 if found.is_good(subject.generator.batch_size) else 1


if __name__ == "__main__":
    raise SystemExit(main())
