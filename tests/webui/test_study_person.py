"""Somebody at the tab is asked while a study runs."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from counterprompt.errors import InvalidInputError
from counterprompt.generation.fake import FakeGenerator
from counterprompt.negative.layers import NegativeLayer
from counterprompt.ports import GenerationRequest
from counterprompt.settings import Settings
from counterprompt.webui.studies import StudyDesk
from counterprompt.webui.study_run import StudyWorkplace
from counterprompt.webui.study_values import StudyOrder
from counterprompt.workflow.baseline import TuneChoices

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from counterprompt.webui.study_person import OpenQuestion, StudyPerson

LAYERS = (NegativeLayer("base", ("blurry", "watermark", "low quality")), NegativeLayer("dynamic", ("noisy",)))
ORDER = StudyOrder(
    baseline=GenerationRequest("a cat, <lora:striped:1>", "ugly", 7, width=64, height=64),
    choices=TuneChoices(budget=80, layers=LAYERS, controls=False),
    name="A cat",
    questions=3,
)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[StudyDesk]:
    """A desk on the fake generator, closed in the end."""
    settings = Settings(tmp_path / "data")
    opened = StudyDesk(settings.studies_folder, lambda: StudyWorkplace(FakeGenerator(), settings))
    yield opened
    opened.close(10)


def _asked(desk: StudyDesk, study: str) -> tuple[StudyPerson, OpenQuestion] | None:
    """Wait until the study asks, and return whom and what; None once it has ended."""
    for _ in range(1200):
        person = desk.person(study)
        if person is not None and person.question is not None:
            return person, person.question
        if desk.status(study).state not in ("waiting", "running"):
            return None
        time.sleep(0.02)
    raise AssertionError(f"still {desk.status(study)}")


def test_answers_from_the_tab_belong_to_the_study(desk: StudyDesk) -> None:
    """Four pictures each time, fewer and fewer left; what was picked stands in the report."""
    study = desk.start(ORDER)
    searched = []

    while (asked := _asked(desk, study)) is not None:
        person, question = asked
        if not question.is_proof:
            searched.append(question)
        assert all((desk.folder(study) / name).is_file() for name in question.pictures)
        person.take(question.key, "1")

    assert "done" == desk.status(study).state, desk.status(study).message
    assert 3 == len(searched)
    assert {4} == {len(question.pictures) for question in searched}
    choices = desk.outcome(study).own_choices
    assert choices is not None
    assert 3 == choices.picked
    assert 0 < choices.wins + choices.losses


def test_a_study_that_waits_for_an_answer_can_be_paused_and_asks_again(desk: StudyDesk) -> None:
    """Pausing ends the waiting; resumed, it asks the same; who has enough is asked no more in this run."""
    study = desk.start(ORDER)
    first = _asked(desk, study)
    assert first is not None
    desk.pause(study)
    for _ in range(1500):
        if desk.status(study).state == "paused":
            break
        time.sleep(0.02)

    desk.resume(study)
    again = _asked(desk, study)

    assert again is not None
    assert first[1].pictures == again[1].pictures
    again[0].take(again[1].key, "enough")
    assert _asked(desk, study) is None
    assert "done" == desk.status(study).state


def test_only_the_open_question_is_answered(desk: StudyDesk) -> None:
    """An answer to another question, or one that is none, is refused; the study goes on waiting."""
    study = desk.start(replace(ORDER, questions=1))
    asked = _asked(desk, study)
    assert asked is not None
    person, question = asked

    with pytest.raises(InvalidInputError, match="no longer open"):
        person.take("0" * 12, "1")
    with pytest.raises(InvalidInputError, match="no answer"):
        person.take(question.key, "5")

    assert question == person.question
    desk.stop(study)
