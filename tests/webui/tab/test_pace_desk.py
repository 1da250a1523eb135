"""How long a picture takes, measured before a study."""

from __future__ import annotations

import time
from itertools import count
from typing import TYPE_CHECKING

import pytest

from counterprompt.errors import GeneratorError, InvalidInputError
from counterprompt.generation.fake import FakeGenerator, FakeScorer
from counterprompt.ports import GenerationRequest
from counterprompt.search.picture_cost import Drawing
from counterprompt.settings import load_settings
from counterprompt.webui.study_run import StudyWorkplace
from counterprompt.webui.tab.pace_desk import PaceDesk, measured_cost

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from PIL import Image

REQUEST = GenerationRequest("a cat", "", 1, 10, width=64, height=64)


class _Slow(FakeGenerator):
    """Takes so many seconds a picture, by a clock of its own."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self.now = 0.0
        self._seconds = seconds

    def generate(self, requests: Sequence[GenerationRequest]) -> list[Image.Image]:
        self.now += self._seconds * len(requests)
        return super().generate(requests)


@pytest.mark.parametrize(("seconds", "drawn"), [(2.0, 1), (30.0, 0)])
def test_one_picture_warms_up_and_a_batch_is_timed(seconds: float, drawn: int) -> None:
    """The seconds of one picture; where one alone takes long, nobody waits for a batch."""
    generator = _Slow(seconds)

    cost = measured_cost(generator, FakeScorer(), REQUEST, lambda: generator.now)
    assert (seconds, seconds) == (cost.seconds, cost.drawing_s)
    assert seconds * (1 + drawn * generator.batch_size) == generator.now


def _settled(desk: PaceDesk) -> Iterator[bool]:
    for _ in count():
        yield not desk.status.is_measuring
        time.sleep(0.05)


def test_the_desk_measures_in_the_background() -> None:
    """It tells pace, steps and size, and refuses a second measurement meanwhile."""
    desk = PaceDesk(lambda: StudyWorkplace(FakeGenerator(), load_settings()))

    desk.start(REQUEST)
    next(done for done in _settled(desk) if done)

    assert desk.status.pace is not None, desk.status.fault
    assert Drawing(10, 64, 64) == desk.status.pace.cost.drawing


def test_a_fault_is_told() -> None:
    """What the generator says is kept for the page, and one measurement at a time is enough."""

    def broken() -> StudyWorkplace:
        time.sleep(0.2)
        raise GeneratorError("No checkpoint; load one.")

    desk = PaceDesk(broken)
    desk.start(REQUEST)
    with pytest.raises(InvalidInputError, match="already"):
        desk.start(REQUEST)
    next(done for done in _settled(desk) if done)

    assert ("No checkpoint; load one.", None) == (desk.status.fault, desk.status.pace)
