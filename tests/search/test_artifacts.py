"""Kept pictures as artifacts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from counterprompt.errors import InvalidInputError
from counterprompt.generation.fake import FakeGenerator, FakeScorer
from counterprompt.ports import GenerationRequest
from counterprompt.search.artifacts import tie_pictures
from counterprompt.search.candidate import candidate_from_json
from counterprompt.search.folder import TRIALS_FILE, create_folder
from counterprompt.search.plan import plan_study
from counterprompt.search.space import space_for
from counterprompt.search.study import run_study
from counterprompt.search.trial_file import open_optuna_study

BASELINE = GenerationRequest("a cat <lora:x:0.9>", "", 1, width=64, height=64)


def test_pictures_are_tied_to_their_trials_once(tmp_path: Path) -> None:
    """Every artifact is a kept picture of its trial's settings, also of the baseline; again ties nothing new."""
    plan = plan_study(BASELINE, space_for(BASELINE, (), ("blurry", "watermark")), 60)
    outcome = run_study(plan, FakeGenerator(), FakeScorer(), None, tmp_path)

    first, again = tie_pictures(tmp_path), tie_pictures(tmp_path)

    study = open_optuna_study(tmp_path / TRIALS_FILE)
    ties = {
        key.split(":")[2]: json.loads(value)
        for key, value in study._storage.get_study_system_attrs(study._study_id).items()
        if key.startswith("dashboard:artifacts:")
    }
    baseline = study.trials[0]
    assert first.pictures == again.pictures == len(list((tmp_path / "artifacts").iterdir())) > 0
    assert str(baseline._trial_id) in ties
    assert candidate_from_json(baseline.user_attrs["candidate"]).render(BASELINE, 1) == BASELINE
    kept = {path.read_bytes() for path in (tmp_path / "pictures").iterdir()}
    for meta in ties.values():
        with first.artifacts.open_reader(meta["artifact_id"]) as content:
            assert content.read() in kept
    assert outcome.pictures > 0


def test_a_study_without_trials_is_refused(tmp_path: Path) -> None:
    """Before the search there is nothing to look at."""
    create_folder(tmp_path, plan_study(BASELINE, space_for(BASELINE, (), ("blurry",)), 60), "fake")

    with pytest.raises(InvalidInputError, match="has not begun"):
        tie_pictures(tmp_path)
