"""Whole studies over the fake world: the optimum's direction, honest failure, and resuming after any interruption."""

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from counterprompt.errors import GeneratorError, InvalidInputError
from counterprompt.generation.fake import FLAT_WORLD, FakeGenerator, FakeScorer, FakeWorld
from counterprompt.ports import GenerationRequest
from counterprompt.search.folder import load_outcome, load_plan
from counterprompt.search.outcome import Outcome, Settings
from counterprompt.search.plan import StudyPlan, plan_study
from counterprompt.search.space import space_for
from counterprompt.search.study import resume_study, run_study
from counterprompt.search.verification import Verdict
from counterprompt.tags.observed import ObservedTag, ObservedTags, TagCategory


def _request(settings: Settings) -> GenerationRequest:
    return GenerationRequest(settings.prompt, settings.negative_prompt, 1, cfg_scale=settings.cfg_scale)


class BreaksDown(FakeGenerator):
    """Fails when it has generated *limit* pictures."""

    def __init__(self, limit: int) -> None:
        super().__init__(batch_size=2)
        self.limit = limit

    def generate(self, requests):
        """Generate, or fail."""
        if self.pictures + len(requests) > self.limit:
            raise GeneratorError("Out of memory; try smaller pictures.")
        return super().generate(requests)


class SeesText:
    """A tagger that sees the same defect in every picture."""

    vocabulary = frozenset({"signature"})

    def tag(self, images):
        """Say so."""
        tags = (ObservedTag("signature", TagCategory.GENERAL, 0.9),)
        return [ObservedTags(tags, self.vocabulary) for _ in images]


@pytest.fixture(scope="module")
def finished(tmp_path_factory) -> tuple[StudyPlan, Outcome, Path, int]:
    """One uninterrupted study: its plan, outcome, folder and the pictures it generated."""
    from counterprompt.negative.layers import NegativeLayer

    baseline = GenerationRequest("a house <lora:style:1>", "painting,", 7, cfg_scale=5.0, width=32, height=32)
    layers = (NegativeLayer("base", ("low quality", "blurry")), NegativeLayer("style", ("painting", "watermark")))
    plan = plan_study(baseline, space_for(baseline, layers), 120, search_seed=3)
    folder = tmp_path_factory.mktemp("study") / "one"
    generator = FakeGenerator(batch_size=2)
    outcome = run_study(plan, generator, FakeScorer(), None, folder)
    return plan, outcome, folder, generator.pictures


def test_the_winner_is_truly_better(finished):
    """The verdict is a gain, and the world's own truth says so too: higher quality, fewer defects."""
    plan, outcome, _, _ = finished
    winner, world = _request(outcome.winner), FakeWorld()

    assert Verdict.GAIN is outcome.verdict
    assert world.quality(winner) > world.quality(plan.baseline)
    assert world.defect_rate(winner) < world.defect_rate(plan.baseline) - 0.3
    assert outcome.held_out.ci95[0] > 0


def test_the_budget_is_kept_and_counted(finished):
    """Every generated picture is counted, and the budget is never exceeded."""
    plan, outcome, _, generated = finished

    assert generated == outcome.pictures <= plan.picture_budget


def test_held_out_seeds_were_never_searched(finished):
    """The gain is estimated on the proof seeds alone."""
    plan, outcome, _, _ = finished

    assert plan.proof_seeds == tuple(pair.seed for pair in outcome.held_out.pairs)


def test_the_history_begins_with_the_baseline(finished):
    """Trial 0 is the user's own settings on all seeds, worth zero."""
    plan, outcome, _, _ = finished
    first = outcome.history[0]

    assert (outcome.baseline, len(plan.search_seeds), 0.0) == (first.settings, first.seeds, first.components.total)
    assert "painting," == outcome.baseline.negative_prompt


def test_the_folder_holds_everything(finished):
    """Plan, outcome as JSON and the pictures of both sides on every held-out seed are in the folder."""
    plan, outcome, folder, _ = finished

    assert plan == load_plan(folder)
    assert json.loads(json.dumps(outcome.to_json())) == load_outcome(folder)
    assert all((folder / pair.challenger_picture).exists() for pair in outcome.held_out.pairs)
    assert all((folder / pair.baseline_picture).exists() for pair in outcome.held_out.pairs)


def test_the_answer_has_the_promised_fields(finished):
    """JSON names LoRAs by weight and lists the held-out seeds."""
    _, outcome, _, _ = finished
    answer = outcome.to_json()

    assert ("gain", {"style": 1.0}) == (answer["verdict"], answer["baseline"]["loras"])
    assert {"seeds", "gain", "ci95", "win_rate"} <= answer["held_out"].keys()


def test_running_again_generates_nothing(finished):
    """A finished study answers at once with the same outcome."""
    plan, outcome, folder, _ = finished
    generator = FakeGenerator(batch_size=2)

    assert outcome == run_study(plan, generator, FakeScorer(), None, folder)
    assert 0 == generator.pictures


def test_an_interrupted_study_ends_the_same(finished, tmp_path):
    """Broken off at random picture counts and resumed, no picture is generated twice and the outcome is the same."""
    plan, outcome, _, generated = finished
    draw = random.Random(1)
    total, interruptions, resumed = 0, 0, None
    while resumed is None:
        generator = BreaksDown(draw.randrange(10, 40))
        try:
            resumed = run_study(plan, generator, FakeScorer(), None, tmp_path)
        except GeneratorError:
            interruptions += 1
        total += generator.pictures

    assert interruptions >= 3
    assert (generated, outcome) == (total, resumed)


def test_lost_trials_are_found_again(finished, tmp_path):
    """Without Optuna's file the same study is rebuilt from the scores alone."""
    plan, outcome, folder, _ = finished
    (tmp_path / "scores.sqlite3").write_bytes((folder / "scores.sqlite3").read_bytes())
    generator = FakeGenerator(batch_size=2)

    assert outcome == run_study(plan, generator, FakeScorer(), None, tmp_path)
    assert 0 == generator.pictures


_CHILD = """
import sys, time
from pathlib import Path
from counterprompt.generation.fake import FakeGenerator, FakeScorer
from counterprompt.search.study import resume_study

class Slow(FakeGenerator):
    def generate(self, requests):
        time.sleep(0.02)
        return super().generate(requests)

resume_study(Path(sys.argv[1]), Slow(batch_size=2), FakeScorer())
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs kill -9")
def test_kill_9_loses_only_the_batch_in_hand(finished, tmp_path):
    """Killed outright in the middle of the search, the study resumes, and no recorded picture is generated again."""
    from counterprompt.search.folder import create_folder

    plan, outcome, _, generated = finished
    create_folder(tmp_path, plan, "fake")
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2] / "extension")}
    child = subprocess.Popen([sys.executable, "-c", _CHILD, str(tmp_path)], env=environment)
    try:
        recorded = _wait_for_pictures(tmp_path / "scores.sqlite3", 30)
    finally:
        child.kill()
        child.wait()
    recorded = _count(tmp_path / "scores.sqlite3")
    generator = FakeGenerator(batch_size=2)

    assert outcome == resume_study(tmp_path, generator, FakeScorer())
    assert recorded >= 30
    assert generated - recorded == generator.pictures


def _wait_for_pictures(database: Path, count: int) -> None:
    for _ in range(1200):
        if database.exists() and _count(database) >= count:
            return
        time.sleep(0.05)
    pytest.fail("the child never got so far")


def _count(database: Path) -> int:
    try:
        with sqlite3.connect(database, timeout=30) as connection:
            return int(connection.execute("SELECT COUNT(*) FROM picture_scores").fetchone()[0])
    except sqlite3.OperationalError:
        return 0


@pytest.mark.parametrize("search_seed", [0, 2, 3])
def test_no_gain_is_said_plainly(baseline, layers, tmp_path, search_seed: int):
    """Where nothing can be gained, the verdict is no gain and the user's settings stay as they are."""
    plan = plan_study(baseline, space_for(baseline, layers[:2]), 60, search_seed=search_seed)

    outcome = run_study(plan, FakeGenerator(FLAT_WORLD), FakeScorer(), None, tmp_path)

    assert (Verdict.NO_GAIN, outcome.baseline) == (outcome.verdict, outcome.winner)
    assert "your settings" in outcome.reason
    assert all((tmp_path / pair.challenger_picture).exists() for pair in outcome.held_out.pairs)


def test_what_the_tagger_sees_is_on_offer(baseline, layers, tmp_path):
    """A defect that the tagger sees on baseline pictures is tried as a negative term."""
    plan = plan_study(replace(baseline, negative_prompt=""), space_for(baseline, layers[:1]), 60)

    outcome = run_study(plan, FakeGenerator(), FakeScorer(), None, tmp_path, SeesText())

    assert any("signature" in trial.settings.negative_prompt for trial in outcome.history)


def test_an_empty_space_is_refused(baseline, tmp_path):
    """Where nothing could be varied, nothing is generated."""
    mute = replace(baseline, prompt="a house", cfg_scale=1.0)

    with pytest.raises(InvalidInputError, match="nothing to search at CFG 1"):
        run_study(plan_study(mute, space_for(mute, ())), FakeGenerator(), FakeScorer(), None, tmp_path)
