"""Tune through the command line, on the fake generator with its known optimum."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from counterprompt.bootstrap import generators, miniature, scorers
from counterprompt.generation.fake import FakeGenerator
from counterprompt.ports import Scores
from counterprompt.search.folder import load_plan

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from PIL import Image

BUDGET = ("--generator", "fake", "--budget", "120", "--no-open")


class BackwardScorer:
    """Likes each batch better than the one before, so that it prefers the self-test's damaged pictures."""

    name = "backward"
    calls = 0

    def score(self, images: Sequence[Image.Image], prompt: str) -> list[Scores]:
        """Score a batch better than the one before."""
        self.calls += 1
        return [Scores(aesthetic=float(self.calls), fidelity=0.0) for _ in images]


def test_tune_finds_the_known_gain(run, picture: Path, tmp_path: Path):
    """The last line of output is the answer, with every field that others build on, and the report lies there."""
    finished = run("tune", picture, *BUDGET, "--study", tmp_path / "study", "--json")
    answer = json.loads(finished.out.splitlines()[-1])

    assert 0 == finished.code, finished.err
    assert "gain" == answer["verdict"]
    assert {"prompt", "negative_prompt", "cfg_scale", "loras"} == set(answer["winner"]) == set(answer["baseline"])
    assert {"style": 0.9} == answer["baseline"]["loras"]
    assert answer["held_out"]["gain"] > 0
    assert answer["held_out"]["ci95"][0] > 0
    assert 0.5 < answer["held_out"]["win_rate"] <= 1
    assert answer["pictures"] > 0
    assert str(tmp_path / "study") == answer["study"]
    assert "<html" in (tmp_path / "study" / "report.html").read_text(encoding="utf-8")[:200]
    assert answer["report"].endswith("report.html")


def test_tune_tells_people_what_to_use(run, picture: Path, tmp_path: Path):
    """The text holds the verdict, the fields and the path; progress stays on standard error."""
    finished = run("tune", picture, *BUDGET, "--no-controls", "--study", tmp_path / "study")

    assert "The winner beats your settings" in finished.out
    assert "Negative prompt" in finished.out
    assert str(tmp_path / "study" / "report.html") in finished.out
    assert "search:" in finished.err
    assert "search:" not in finished.out


def test_a_used_folder_is_not_overwritten(run, picture: Path, tmp_path: Path):
    """A second study in the same folder is refused, with the way to resume."""
    run("tune", picture, *BUDGET, "--no-controls", "--study", tmp_path / "study")
    before = (tmp_path / "study" / "outcome.json").read_text()

    finished = run("tune", picture, *BUDGET, "--study", tmp_path / "study")

    assert 2 == finished.code
    assert "counterprompt resume" in finished.err
    assert before == (tmp_path / "study" / "outcome.json").read_text()


@pytest.mark.parametrize("option", [("--search-seeds", "6"), ("--held-out", "20")])
def test_seed_counts_are_the_users(run, picture: Path, tmp_path: Path, option: tuple[str, str]):
    """The plan has as many search or proof seeds as asked for, none of them twice."""
    folder = tmp_path / "study"

    finished = run(
        "tune", picture, "--generator", "fake", "--budget", "150", "--no-controls", *option, "--study", folder
    )
    plan = json.loads((folder / "plan.json").read_text())

    assert 0 == finished.code, finished.err
    name = {"--search-seeds": "search_seeds", "--held-out": "proof_seeds"}[option[0]]
    assert int(option[1]) == len(plan[name])


def test_a_preset_and_minutes_are_the_budget(run, picture: Path, tmp_path: Path):
    """The plan holds the preset's pictures and the minutes, the pace is told, and the report says what was given."""
    folder = tmp_path / "study"

    finished = run("tune", picture, "--generator", "fake", "--preset", "quick", "--minutes", "30", "--study", folder)
    plan = json.loads((folder / "plan.json").read_text())

    assert 0 == finished.code, finished.err
    assert (120, 30) == (plan["picture_budget"], plan["minutes"])
    assert "A picture takes" in finished.err
    assert "30 minutes;" in (folder / "report.html").read_text(encoding="utf-8")


def test_two_budgets_are_refused(run, picture: Path):
    """A preset beside a budget is named before anything is loaded."""
    finished = run("tune", picture, *BUDGET, "--preset", "quick")

    assert 0 != finished.code
    assert "leave one of them out" in finished.err


def test_no_secret_is_written_down(run, picture: Path, tmp_path: Path):
    """The password of a WebUI is nowhere in the study folder."""
    folder = tmp_path / "study"
    run("tune", picture, *BUDGET, "--no-controls", "--auth", "user:hunter2", "--study", folder)

    assert [] == [path for path in folder.rglob("*") if path.is_file() and b"hunter2" in path.read_bytes()]


def test_a_scorer_that_cannot_rank_is_refused(run, picture: Path, tmp_path: Path, monkeypatch):
    """A failed self-test ends with exit code 5 and one sentence before anything is generated."""
    generator = FakeGenerator()
    monkeypatch.setattr(generators, "load_generator", lambda *_: generator)
    monkeypatch.setattr(miniature, "load_judge", lambda: None)
    monkeypatch.setattr(scorers, "load_scorer", lambda *_: BackwardScorer())

    finished = run("tune", picture, "--no-open", "--study", tmp_path / "study")

    assert (5, "", 0) == (finished.code, finished.out, generator.pictures)
    assert "failed its self-test" in finished.err
    assert 1 == finished.err.count("\n")


def test_a_study_keeps_its_scorer(run, picture: Path, tmp_path: Path, monkeypatch):
    """The scorer named in the environment is written down, so that resuming uses the same one."""
    monkeypatch.setenv("COUNTERPROMPT_SCORER", str(tmp_path / "scorer"))

    run("tune", picture, *BUDGET, "--no-controls", "--study", tmp_path / "study")

    assert str(tmp_path / "scorer") in (tmp_path / "study" / "plan.json").read_text()


def test_weights_and_guards_are_the_users(run, picture: Path, tmp_path: Path):
    """What is given by name reaches the plan, the rest is as usual; a name that is none is refused before drawing."""
    study, chosen = tmp_path / "study", ("--weight", "artifacts=1", "--guard", "noise=0.2")

    assert 0 == run("tune", picture, *BUDGET, "--study", study, *chosen).code
    plan = load_plan(study)
    assert (1.0, 0.4) == (plan.score_weights.artifacts, plan.score_weights.aesthetic)
    assert {"noise": 0.2} == plan.guard_limits.own
    assert "give NAME=NUMBER" in run("tune", picture, *BUDGET, "--study", tmp_path / "b", "--weight", "beauty=1").err


def test_ranges_are_the_users(run, picture: Path, tmp_path: Path):
    """The plan holds them, the one of a LoRA before that of all, and the picture's own values stay inside."""
    study, chosen = (
        tmp_path / "study",
        ("--cfg-range", "4,6", "--lora-range", "-0.5,1", "--lora-range", "style=0.4,0.8"),
    )

    finished = run("tune", picture, "--generator", "fake", "--budget", 40, "--no-open", "--study", study, *chosen)

    assert 0 == finished.code, finished.err
    space = load_plan(study).space
    assert (4.0, 7.0) == space.cfg_range
    assert [("style", 0.4, 0.9)] == [(lora.name, lora.low, lora.high) for lora in space.loras]


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--cfg-range", "9,5", "--cfg-range '9,5' runs from 9 to 5; give the lower end first."),
        ("--lora-range", "styel=0,1", "'styel', which is no LoRA of the prompt; name one of style."),
    ],
)
def test_a_range_that_is_none_draws_nothing(run, picture: Path, tmp_path: Path, option: str, value: str, said: str):
    """One sentence with the value and the remedy, exit code 2, and no study."""
    finished = run("tune", picture, *BUDGET, "--study", tmp_path / "study", option, value)

    assert 2 == finished.code
    assert said in finished.err
    assert not (tmp_path / "study").exists()


def test_the_fake_cannot_be_audited(run, picture: Path, tmp_path: Path):
    """Its pictures show nothing, so the wish is refused rather than forgotten."""
    assert "nothing to audit" in run("tune", picture, *BUDGET, "--study", tmp_path / "s", "--auditor", "tagger").err


def test_a_search_seed_beyond_the_generator_of_chance_is_refused(run, picture: Path, tmp_path: Path):
    """The highest one works; one more is refused before anything is drawn."""
    options = ("--generator", "fake", "--budget", 40, "--no-controls", "--no-open", "--study", tmp_path / "study")

    assert 2 == run("tune", picture, *options, "--search-seed", 2**32).code
    assert not (tmp_path / "study").exists()
    assert 0 == run("tune", picture, *options, "--search-seed", 2**32 - 1).code
