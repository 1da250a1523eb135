"""Kept pictures as Optuna artifacts, so that optuna-dashboard shows them beside their trials.

Optuna lets nobody add to a finished trial, so a picture is tied to its trial as optuna-dashboard itself does it: by an
attribute of the study named `dashboard:artifacts:TRIAL:ARTIFACT` (optuna_dashboard/artifact/_backend.py, 0.21).
Nothing of this happens while the search runs: it pays nothing for it.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from counterprompt.errors import InvalidInputError
from counterprompt.ports import GenerationRequest
from counterprompt.search.candidate import candidate_from_json
from counterprompt.search.folder import TRIALS_FILE, load_plan
from counterprompt.search.record import PICTURE_FOLDER
from counterprompt.search.trial_file import open_optuna_study

if TYPE_CHECKING:
    from pathlib import Path

    from optuna import Study
    from optuna.artifacts import FileSystemArtifactStore
    from optuna.storages import BaseStorage
    from optuna.trial import FrozenTrial

    from counterprompt.search.plan import StudyPlan

ARTIFACT_FOLDER = "artifacts"
"""Where the artifacts lie, below the study's folder."""

SCORES_FILE = "scores.sqlite3"
"""The `ScoreRecord` of a study."""

_Settings = tuple[str, str, float]
"""What tells candidates apart: prompt, negative prompt and CFG scale."""

_PREFIX = "dashboard:artifacts:"


@dataclass(frozen=True)
class PicturedStudy:
    """What a dashboard needs of a study."""

    storage: BaseStorage
    """The storage with its trials."""
    artifacts: FileSystemArtifactStore
    """The store with its pictures."""
    pictures: int
    """How many pictures are tied to trials."""


def tie_pictures(folder: Path) -> PicturedStudy:
    """Tie every kept picture of the study in *folder* to the trials that it belongs to; those tied before stay so.

    Raises:
        InvalidInputError: no study lives there, or its search has not begun.
    """
    from optuna.artifacts import FileSystemArtifactStore

    plan = load_plan(folder)
    if not (folder / TRIALS_FILE).is_file():
        raise InvalidInputError(
            f"The search in {folder} has not begun; `counterprompt resume {folder}` goes on with it."
        )
    (folder / ARTIFACT_FOLDER).mkdir(exist_ok=True)
    store = FileSystemArtifactStore(str(folder / ARTIFACT_FOLDER))
    study = open_optuna_study(folder / TRIALS_FILE)
    tied = {key for key in study._storage.get_study_system_attrs(study._study_id) if key.startswith(_PREFIX)}
    kept = _kept_pictures(folder)
    for trial in study.get_trials(deepcopy=False):
        for seed, name in kept.get(_settings_of(trial, plan), ()):
            key = f"{_PREFIX}{trial._trial_id}:{_artifact_id(trial, name)}"
            if key not in tied:
                _tie(study, store, key, folder / PICTURE_FOLDER / name, f"seed {seed}.png")
                tied.add(key)
    return PicturedStudy(study._storage, store, len(tied))


def _kept_pictures(folder: Path) -> dict[_Settings, list[tuple[int, str]]]:
    """Group seed and file name of every kept picture by the settings that it was drawn with."""
    kept: dict[_Settings, list[tuple[int, str]]] = {}
    with closing(sqlite3.connect(f"{(folder / SCORES_FILE).as_uri()}?mode=ro", uri=True)) as record:
        for key, text in record.execute("SELECT picture_key, request FROM picture_scores ORDER BY rowid"):
            name = f"{key[:24]}.png"
            if (folder / PICTURE_FOLDER / name).is_file():
                request = GenerationRequest(**json.loads(text))
                settings = (request.prompt, request.negative_prompt, request.cfg_scale)
                kept.setdefault(settings, []).append((request.seed, name))
    return kept


def _settings_of(trial: FrozenTrial, plan: StudyPlan) -> _Settings:
    if "candidate" not in trial.user_attrs:
        return ("", "", 0.0)
    request = candidate_from_json(trial.user_attrs["candidate"]).render(plan.baseline, 0)
    return request.prompt, request.negative_prompt, request.cfg_scale


def _artifact_id(trial: FrozenTrial, name: str) -> str:
    """Name an artifact after its trial and picture, so that opening the dashboard again ties nothing twice."""
    return f"{trial.number}-{name.removesuffix('.png')}"


def _tie(study: Study, store: FileSystemArtifactStore, key: str, picture: Path, shown_name: str) -> None:
    artifact_id = key.rpartition(":")[2]
    with picture.open("rb") as content:
        store.write(artifact_id, content)
    meta = {"artifact_id": artifact_id, "filename": shown_name, "mimetype": "image/png", "encoding": None}
    study._storage.set_study_system_attr(study._study_id, key, json.dumps(meta))
