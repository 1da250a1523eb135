"""Tests for going on with a study that Generate was interrupted in."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from counterprompt.errors import StoppedError
from counterprompt.generation.fake import FakeGenerator
from counterprompt.ports import GenerationRequest
from counterprompt.settings import Settings
from counterprompt.webui.studies import StudyDesk
from counterprompt.webui.study_ledger import StudyLedger
from counterprompt.webui.study_run import StudyWorkplace
from counterprompt.webui.study_values import StudyOrder, StudyStatus, WrongStateError
from counterprompt.webui.tune_study import TuneStudy, open_study
from counterprompt.workflow.baseline import TuneChoices

if TYPE_CHECKING:
    from pathlib import Path

ORDER = StudyOrder(baseline=GenerationRequest("photo of a man", "", 1), choices=TuneChoices(40, controls=False))


def _open(folder: Path, order: StudyOrder = ORDER, fingerprint: str = "a", is_seed_random: bool = False) -> TuneStudy:
    return open_study(StudyLedger(folder), order, fingerprint, is_seed_random=is_seed_random)


def _stopped(folder: Path) -> TuneStudy:
    study = _open(folder)
    workplace = StudyWorkplace(FakeGenerator(), Settings(folder))
    with pytest.raises(StoppedError):
        study.run(workplace, lambda _: None, lambda: True)
    return study


def test_the_same_settings_go_on(tmp_path: Path) -> None:
    """The same order with the same of all else finds the interrupted study again."""
    assert _stopped(tmp_path).folder == _open(tmp_path).folder


@pytest.mark.parametrize(
    ("order", "fingerprint"),
    [
        (replace(ORDER, choices=TuneChoices(60, controls=False)), "a"),
        (replace(ORDER, baseline=GenerationRequest("photo of a cat", "", 1)), "a"),
        (replace(ORDER, baseline=GenerationRequest("photo of a man", "", 2)), "a"),
        (ORDER, "b"),
    ],
    ids=["budget", "prompt", "seed", "other extensions"],
)
def test_other_settings_begin_anew(tmp_path: Path, order: StudyOrder, fingerprint: str) -> None:
    """Whatever differs makes another study of it."""
    assert _stopped(tmp_path).folder != _open(tmp_path, order, fingerprint).folder


def test_any_seed_goes_on_where_it_is_left_to_chance(tmp_path: Path) -> None:
    """With seed -1 the interrupted study keeps the seed that it began with."""
    stopped = _stopped(tmp_path)
    baseline = GenerationRequest("photo of a man", "", 99)
    again = _open(tmp_path, replace(ORDER, baseline=baseline), is_seed_random=True)

    assert (stopped.folder, ORDER) == (again.folder, replace(again.order, name=""))


def test_a_finished_study_is_not_begun_again(tmp_path: Path) -> None:
    """After its end the same settings make a new study, and the status says how it ended."""
    study = _open(tmp_path)
    heard: list[int] = []
    study.run(
        StudyWorkplace(FakeGenerator(), Settings(tmp_path)), lambda status: heard.append(status.pictures), lambda: False
    )

    assert ("done", 40) == (study.status.state, max(heard))
    assert study.folder != _open(tmp_path).folder


def test_the_desk_sees_it_while_it_runs_and_can_end_it(tmp_path: Path) -> None:
    """A study that Generate begins is in the desk's book at once; Pause there ends it, and only Generate goes on."""
    desk = StudyDesk(tmp_path, lambda: StudyWorkplace(FakeGenerator(), Settings(tmp_path)))
    study = open_study(desk.ledger, ORDER, "a", is_seed_random=False)
    seen: list[str] = []

    def look(status: StudyStatus) -> None:
        seen.append(desk.status(study.status.id).state)
        if status.pictures >= 4 and study.entry.wish is None:
            desk.pause(study.status.id)

    with pytest.raises(StoppedError):
        study.run(StudyWorkplace(FakeGenerator(), Settings(tmp_path)), look, lambda: False)

    assert ({"running"}, "paused") == (set(seen), desk.status(study.status.id).state)
    with pytest.raises(WrongStateError, match="Generate began"):
        desk.resume(study.status.id)
    again = open_study(desk.ledger, ORDER, "a", is_seed_random=False)
    again.run(StudyWorkplace(FakeGenerator(), Settings(tmp_path)), lambda _: None, lambda: False)
    assert (study.folder, "done") == (again.folder, desk.status(study.status.id).state)
