"""The study desk, on the fake generator that ships."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from counterprompt.errors import GeneratorError, InvalidInputError, StoppedError
from counterprompt.generation.fake import FLAT_WORLD, FakeGenerator
from counterprompt.negative.layers import NegativeLayer
from counterprompt.ports import GenerationRequest
from counterprompt.search.folder import load_plan
from counterprompt.search.picture_cost import Drawing
from counterprompt.settings import Settings
from counterprompt.webui.studies import StudyDesk
from counterprompt.webui.study_folder import write_order
from counterprompt.webui.study_run import StudyWorkplace
from counterprompt.webui.study_values import StudyOrder, StudyStatus
from counterprompt.webui.tune_study import open_study
from counterprompt.workflow.baseline import TuneChoices

if TYPE_CHECKING:
    from PIL import Image

BASELINE = GenerationRequest("a cat, <lora:striped:1>", "ugly", 7, width=64, height=64)
LAYERS = (NegativeLayer("base", ("blurry", "watermark", "low quality")), NegativeLayer("dynamic", ("noisy",)))
CHOICES = TuneChoices(budget=40, layers=LAYERS, controls=False)
ORDER = StudyOrder(baseline=BASELINE, choices=CHOICES, name="A cat")
UNPROVEN = replace(ORDER, choices=replace(CHOICES, budget=60, held_out=3, search_seed=1))
"""Its three proof seeds are too few to tell."""
LONGER = replace(ORDER, choices=replace(CHOICES, budget=80))


class _Gate(FakeGenerator):
    """Draws only so many batches before somebody opens it, and may fail."""

    def __init__(self, batches: int = 10**9, fault: Exception | None = None) -> None:
        super().__init__()
        self.opened = threading.Event()
        self.reached = threading.Event()
        self.left = batches
        self.fault = fault

    def generate(self, requests: list[GenerationRequest]) -> list[Image.Image]:  # type: ignore[override]
        if self.left <= 0:
            self.reached.set()
            if self.fault:
                raise self.fault
            assert self.opened.wait(20)
        self.left -= 1
        return super().generate(requests)


@pytest.fixture
def desk_on(tmp_path: Path) -> Iterator[Callable[[FakeGenerator], StudyDesk]]:
    """Open desks on one studies folder; they are closed in the end."""
    opened: list[StudyDesk] = []

    def open_desk(generator: FakeGenerator) -> StudyDesk:
        settings = Settings(tmp_path / "data")
        opened.append(StudyDesk(settings.studies_folder, lambda: StudyWorkplace(generator, settings)))
        return opened[-1]

    yield open_desk
    for desk in opened:
        desk.close(10)


def _when(desk: StudyDesk, study: str, *states: str) -> StudyStatus:
    for _ in range(1200):
        status = desk.status(study)
        if status.state in states:
            return status
        time.sleep(0.05)
    raise AssertionError(f"still {status}")


def test_a_study_runs_to_its_end_and_tells_all(desk_on: Callable[[FakeGenerator], StudyDesk]) -> None:
    """The desk says what leads, keeps two pictures to show, and hands out what the study found."""
    desk = desk_on(FakeGenerator())

    study = desk.start(LONGER)
    status = _when(desk, study, "done", "failed")

    assert ("done", "A cat", "gain", "") == (status.state, status.name, status.verdict, status.message)
    assert 0 < status.pictures <= 80
    assert status.history[-1][1] >= status.leaders[0].believed > 0
    assert "negative: " in status.leaders[0].settings
    assert status.baseline_picture is not None
    assert status.baseline_picture.is_file()
    assert status.best_picture is not None
    assert status.best_picture.is_file()
    assert "gain" == desk.outcome(study).verdict
    assert (status,) == desk.studies()
    assert desk.picture_cost is not None
    assert desk.picture_cost.seconds > desk.picture_cost.drawing_s > 0
    assert Drawing(20, 64, 64) == desk.picture_cost.drawing


def test_the_users_own_settings_and_layers_are_the_baseline(desk_on: Callable[[FakeGenerator], StudyDesk]) -> None:
    """What the order says is what everything is measured against; no layer besides those ordered is on offer."""
    desk = desk_on(FakeGenerator())

    study = desk.start(ORDER)
    _when(desk, study, "done")
    plan = load_plan(desk.folder(study))

    assert plan.baseline == BASELINE
    assert [("base", LAYERS[0].terms)] == [(layer.name, layer.terms) for layer in plan.space.layers]
    assert ("noisy",) == plan.space.dynamic_terms
    assert [("striped", 0.5, 1.0)] == [(lora.name, lora.low, lora.high) for lora in plan.space.loras]


def test_while_it_runs_best_and_baseline_stand_side_by_side(desk_on: Callable[[FakeGenerator], StudyDesk]) -> None:
    """A running study shows pictures of the leader and of the user's settings, the stage and the time left."""
    generator = _Gate(batches=14)
    desk = desk_on(generator)

    study = desk.start(LONGER)
    assert generator.reached.wait(30)
    status = desk.status(study)
    generator.opened.set()

    assert ("running", "search") == (status.state, status.stage)
    assert (status.seconds_left or 0) > 0
    assert status.leaders
    assert status.baseline_picture is not None
    assert status.baseline_picture.is_file()
    assert status.best_picture not in (None, status.baseline_picture)


def _heard_pictures(desk: StudyDesk) -> list[int]:
    heard: list[int] = []
    hear = desk.ledger.hear

    def noted(status: StudyStatus) -> None:
        heard.append(status.pictures)
        hear(status)

    desk.ledger.hear = noted  # type: ignore[method-assign]  # what is told while it runs is seen by nobody else
    return heard


@pytest.mark.parametrize(("wish", "state"), [("pause", "paused"), ("stop", "stopped")])
def test_a_study_that_was_ended_early_goes_on(
    desk_on: Callable[[FakeGenerator], StudyDesk], wish: str, state: str
) -> None:
    """A generator that finishes its batch is ended there by both; resume goes on and draws nothing twice."""
    generator = _Gate(batches=4)
    desk = desk_on(generator)
    study = desk.start(ORDER)
    assert generator.reached.wait(30)

    getattr(desk, wish)(study)
    generator.opened.set()
    ended = _when(desk, study, "paused", "stopped", "done")
    drawn = generator.pictures
    heard = _heard_pictures(desk)
    desk.resume(study)
    done = _when(desk, study, "done", "failed")

    assert (state, "done") == (ended.state, done.state)
    assert ended.pictures == min(heard)
    assert 0 < drawn < generator.pictures
    assert done.pictures + 1 == generator.pictures  # the one more is the picture that stands for the order's prompt


class _Guest(_Gate):
    """Waits in its fifth batch until it is interrupted, and in every later one, or fails there."""

    def __init__(self, fault: Exception | None = None, batches: int = 4) -> None:
        super().__init__(batches, fault)
        self.is_interrupted = False
        self.closed = 0

    def interrupt(self) -> None:
        self.is_interrupted = True
        self.opened.set()

    def close(self) -> None:
        self.closed += 1

    def generate(self, requests: list[GenerationRequest]) -> list[Image.Image]:  # type: ignore[override]
        if self.is_interrupted:
            raise StoppedError("Stopped; everything scored so far is kept, resume the study to go on.")
        drawn = super().generate(requests)
        if self.is_interrupted:
            raise StoppedError("Stopped; everything scored so far is kept, resume the study to go on.")
        return drawn


class _Leaving(_Gate):
    """Takes its time to leave the host as it was, as one does that waits for its turn."""

    def __init__(self) -> None:
        super().__init__()
        self.drew, self.leaving, self.may_leave = threading.Event(), threading.Event(), threading.Event()

    def interrupt(self) -> None:
        """End nothing: every batch is drawn to its end."""

    def close(self) -> None:
        self.leaving.set()
        assert self.may_leave.wait(30)

    def generate(self, requests: list[GenerationRequest]) -> list[Image.Image]:  # type: ignore[override]
        self.drew.set()
        return super().generate(requests)


def test_stop_breaks_a_batch_off_and_resume_draws_it_again(tmp_path: Path) -> None:
    """Stop does not wait for the batch in hand; nothing of it is kept, and the result is that of a whole study."""
    settings, generators = Settings(tmp_path / "data"), [_Guest(), FakeGenerator(), FakeGenerator()]
    desk = StudyDesk(settings.studies_folder, lambda: StudyWorkplace(generators.pop(0), settings))
    interrupted = generators[0]
    assert isinstance(interrupted, _Guest)
    study = desk.start(ORDER)
    assert interrupted.reached.wait(30)
    before = desk.status(study)

    desk.stop(study)
    stopped = _when(desk, study, "paused", "stopped", "done", "failed")
    desk.resume(study)
    whole = desk.start(ORDER)
    resumed, undisturbed = (_when(desk, each, "done", "failed") for each in (study, whole))

    assert interrupted.is_interrupted
    assert 1 == interrupted.closed
    assert ("stopped", before.pictures) == (stopped.state, stopped.pictures)
    assert ("done", undisturbed.pictures) == (resumed.state, resumed.pictures)
    outcomes = [desk.outcome(each) for each in (whole, study)]
    assert outcomes[0].winner == outcomes[1].winner
    assert outcomes[0].held_out == outcomes[1].held_out
    desk.close(10)


@pytest.mark.parametrize(
    ("generator", "state"),
    [(_Guest(batches=10**9), "done"), (_Guest(GeneratorError("The card is gone; try again.")), "failed")],
)
def test_however_it_ends_the_host_is_left_as_it_was(
    desk_on: Callable[[FakeGenerator], StudyDesk], generator: _Guest, state: str
) -> None:
    """A study that ended or failed puts back what its pictures changed in the host, such as its loaded LoRAs, once."""
    desk = desk_on(generator)
    study = desk.start(ORDER)

    assert state == _when(desk, study, "done", "failed", "stopped", "paused").state
    assert 1 == generator.closed


def test_a_host_that_cannot_be_left_as_it_was_spoils_no_study(
    desk_on: Callable[[FakeGenerator], StudyDesk], caplog: pytest.LogCaptureFixture
) -> None:
    """What fails when all is done is logged; the outcome stands."""

    class Clumsy(_Guest):
        def close(self) -> None:
            raise RuntimeError("no network is loaded")

    desk = desk_on(Clumsy(batches=10**9))

    assert "done" == _when(desk, desk.start(ORDER), "done", "failed").state
    assert "no network is loaded" in caplog.text


def test_a_stop_is_heard_before_there_is_anything_to_interrupt(tmp_path: Path) -> None:
    """Pressed while the workplace is still being made, it ends the study before the first batch."""
    settings, generator = Settings(tmp_path / "data"), _Guest()
    asked, made = threading.Event(), threading.Event()

    def workplace() -> StudyWorkplace:
        asked.set()
        assert made.wait(20)
        return StudyWorkplace(generator, settings)

    desk = StudyDesk(settings.studies_folder, workplace)
    study = desk.start(ORDER)
    assert asked.wait(20)
    desk.stop(study)
    made.set()

    assert "stopped" == _when(desk, study, "stopped", "paused", "done", "failed").state
    assert 0 == generator.pictures
    desk.close(10)


def test_what_is_being_stopped_cannot_be_resumed_at_once(desk_on: Callable[[FakeGenerator], StudyDesk]) -> None:
    """Its generator draws no more, so that it is told to wait for the end."""
    generator = _Gate(batches=4)
    desk = desk_on(generator)
    study = desk.start(ORDER)
    assert generator.reached.wait(30)
    desk.stop(study)

    with pytest.raises(InvalidInputError, match="is being stopped"):
        desk.resume(study)
    generator.opened.set()
    assert "stopped" == _when(desk, study, "stopped", "done", "failed").state


def test_what_is_being_paused_cannot_be_resumed_at_once(tmp_path: Path) -> None:
    """Once the run has heard that it is to end it ends: a resume that came too late for it is not swallowed."""
    settings, generator = Settings(tmp_path / "data"), _Leaving()
    desk = StudyDesk(settings.studies_folder, lambda: StudyWorkplace(generator, settings))
    study = desk.start(ORDER)
    assert generator.drew.wait(30)
    desk.pause(study)
    assert generator.leaving.wait(30)
    try:
        with pytest.raises(InvalidInputError, match="when it has ended"):
            desk.resume(study)
    finally:
        generator.may_leave.set()

    assert "paused" == _when(desk, study, "paused", "done", "failed").state
    desk.resume(study)
    assert "done" == _when(desk, study, "paused", "done", "failed").state


def test_a_study_that_generate_has_not_begun_yet_can_be_stopped(tmp_path: Path) -> None:
    """It waits in no queue of ours: stopping it and closing the desk are as ever."""
    settings = Settings(tmp_path / "data")
    desk = StudyDesk(settings.studies_folder, lambda: StudyWorkplace(FakeGenerator(), settings))
    first, second = (open_study(desk.ledger, ORDER, "", is_seed_random=False) for _ in range(2))
    desk.stop(first.status.id)
    desk.close()

    assert ("stopped", "paused") == (first.status.state, second.status.state)


@pytest.mark.parametrize("name", ["/etc/passwd", "../../secret.png", "watch/../../secret.png"])
def test_a_status_that_was_edited_shows_no_picture_of_elsewhere(tmp_path: Path, name: str) -> None:
    """A picture that does not lie in the study's folder is none, and the study can still be resumed."""
    settings = Settings(tmp_path / "data")
    folder = settings.studies_folder / "edited"
    write_order(folder, ORDER)
    status = StudyStatus("edited", "A cat", "paused", budget=40)
    (folder / "desk.json").write_text(json.dumps({**asdict(status), "best_picture": name}), "utf-8")
    desk = StudyDesk(settings.studies_folder, lambda: StudyWorkplace(FakeGenerator(), settings))

    assert desk.status("edited").best_picture is None
    desk.resume("edited")
    assert "done" == _when(desk, "edited", "done", "failed").state


def test_what_the_host_breaks_off_is_paused(desk_on: Callable[[FakeGenerator], StudyDesk]) -> None:
    """A host interrupts all that it draws when its page is reloaded: the study waits to go on, nobody stopped it."""
    generator = _Gate(batches=4, fault=StoppedError("Interrupted; everything scored so far is kept."))
    desk = desk_on(generator)
    study = desk.start(ORDER)

    broken_off = _when(desk, study, "paused", "stopped", "failed")
    generator.left = 10**9
    desk.resume(study)

    assert "paused" == broken_off.state
    assert "done" == _when(desk, study, "done", "failed").state


def test_a_restart_finds_the_study_again(desk_on: Callable[[FakeGenerator], StudyDesk]) -> None:
    """A desk opened on the same folder lists what the earlier one left, as paused, with what it knew, and goes on."""
    generator = _Gate(batches=7)
    earlier = desk_on(generator)
    study = earlier.start(ORDER)
    waiting = earlier.start(replace(ORDER, name="Later"))
    assert generator.reached.wait(30)
    known = earlier.status(study)
    earlier.ledger.write(earlier.ledger.entry(study))  # as it does now and then

    later = desk_on(FakeGenerator())
    found = later.status(study)
    generator.left, generator.fault = 0, GeneratorError("gone")
    generator.opened.set()
    _when(earlier, study, "done", "failed", "paused")
    earlier.close(10)
    later.resume(study)
    later.resume(waiting)

    assert "paused" == found.state
    assert (known.pictures, known.leaders) == (found.pictures, found.leaders)
    assert "restarted" in found.message
    assert {"done"} == {_when(later, each, "done", "failed").state for each in (study, waiting)}


def test_one_study_runs_at_a_time(desk_on: Callable[[FakeGenerator], StudyDesk]) -> None:
    """The second waits for the first, can be taken back, and the list has the latest first."""
    generator = _Gate(batches=1)
    desk = desk_on(generator)
    first, second, third = (desk.start(replace(ORDER, name=name)) for name in ("1", "2", "3"))
    assert generator.reached.wait(30)

    desk.stop(second)
    states = [(status.id, status.state) for status in desk.studies()]
    generator.opened.set()

    assert [(third, "waiting"), (second, "stopped"), (first, "running")] == states
    assert "done" == _when(desk, third, "done", "failed").state
    assert "stopped" == desk.status(second).state


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (GeneratorError("The card is full; close something."), "The card is full; close something."),
        (ZeroDivisionError("division by zero"), "It broke off (ZeroDivisionError: division by zero)"),
    ],
)
def test_an_error_is_told_and_can_be_tried_again(
    desk_on: Callable[[FakeGenerator], StudyDesk], fault: Exception, said: str
) -> None:
    """Whatever goes wrong ends in the state "failed" with a sentence; the desk goes on, and so does resume."""
    generator = _Gate(batches=5, fault=fault)
    desk = desk_on(generator)

    study = desk.start(ORDER)
    failed = _when(desk, study, "failed", "done")
    generator.left = 10**9
    desk.resume(study)

    assert failed.message.startswith(said)
    assert "done" == _when(desk, study, "done").state


def test_no_gain_is_an_outcome(desk_on: Callable[[FakeGenerator], StudyDesk]) -> None:
    """Where nothing helps the verdict says so, and the winner is what the user had."""
    desk = desk_on(FakeGenerator(FLAT_WORLD))

    study = desk.start(ORDER)

    assert "no gain" == _when(desk, study, "done", "failed").verdict
    assert BASELINE.negative_prompt == desk.outcome(study).winner.negative_prompt


def test_what_was_not_proven_is_proven_again(desk_on: Callable[[FakeGenerator], StudyDesk]) -> None:
    """The ended study waits for its turn once more, draws its new pairs alone, and tells of both proofs; once."""
    desk = desk_on(FakeGenerator())
    study = desk.start(UNPROVEN)
    first = _when(desk, study, "done", "failed")
    seeds = desk.outcome(study).telling_seeds

    desk.prove(study)
    second = _when(desk, study, "done", "failed")

    assert seeds is not None
    assert ("no gain", "gain") == (first.verdict, second.verdict)
    assert 2 * seeds == second.pictures - first.pictures
    assert 3 == getattr(desk.outcome(study).first_proof, "seeds", None)
    with pytest.raises(InvalidInputError, match="has proven its gain"):
        desk.prove(study)


def test_a_second_proof_that_is_ended_early_takes_nothing_away(desk_on: Callable[[FakeGenerator], StudyDesk]) -> None:
    """Paused in its middle the study has its first result again, and Prove again goes on with what is drawn."""
    generator = _Gate()
    desk = desk_on(generator)
    study = desk.start(UNPROVEN)
    _when(desk, study, "done", "failed")
    generator.left, generator.pictures = 2, 0

    desk.prove(study, 20)
    assert desk.status(study).verdict is None
    assert generator.reached.wait(20)
    desk.pause(study)
    generator.opened.set()
    paused = _when(desk, study, "paused", "done", "failed")
    first = desk.outcome(study)
    generator.left = 10**9
    desk.prove(study, 20)

    assert ("done", "no gain") == (paused.state, paused.verdict)
    assert "Prove again" in paused.message
    assert ("no gain", 3) == (first.verdict, first.held_out.seeds)
    assert "gain" == _when(desk, study, "done", "failed").verdict
    assert (20, 40) == (desk.outcome(study).held_out.seeds, generator.pictures)


def test_a_second_proof_that_waits_or_fails_takes_nothing_away(
    desk_on: Callable[[FakeGenerator], StudyDesk],
) -> None:
    """Stopped before its turn, failed, or cut off by a restart, the first result stands; a failure is told."""
    generator = _Gate()
    desk = desk_on(generator)
    study = desk.start(UNPROVEN)
    _when(desk, study, "done", "failed")
    generator.left = 0
    other = desk.start(ORDER)
    assert generator.reached.wait(20)

    desk.prove(study)
    waiting = desk.status(study).state
    found = {status.id: status for status in desk_on(generator).studies()}[study]
    desk.stop(study)
    stopped = desk.status(study)
    desk.prove(study)
    generator.fault = GeneratorError("The card is gone; start the WebUI again.")
    generator.opened.set()
    _when(desk, other, "failed", "done")

    assert "waiting" == waiting
    assert [("done", "no gain")] * 2 == [(each.state, each.verdict) for each in (found, stopped)]
    failed = _when(desk, study, "done", "failed")
    assert ("done", "no gain") == (failed.state, failed.verdict)
    assert failed.message.startswith("The card is gone")


def test_what_cannot_be_is_refused_in_words(desk_on: Callable[[FakeGenerator], StudyDesk]) -> None:
    """An unknown id, a path for an id, an outcome too early, and the end of what has ended are refused."""
    generator = _Gate(batches=1)
    desk = desk_on(generator)
    study = desk.start(ORDER)

    with pytest.raises(InvalidInputError, match=r"no study '\.\./x'"):
        desk.status("../x")
    for refused in (desk.outcome, desk.prove):
        with pytest.raises(InvalidInputError, match="not ended yet"):
            refused(study)
    generator.opened.set()
    _when(desk, study, "done")
    for refused in (desk.pause, desk.stop, desk.resume):
        with pytest.raises(InvalidInputError, match="has ended"):
            refused(study)
    with pytest.raises(InvalidInputError, match="nothing to tune"):
        StudyOrder()
