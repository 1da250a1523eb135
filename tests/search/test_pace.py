"""How fast pictures come."""

import pytest

from counterprompt.ports import GenerationRequest, SilentProgress
from counterprompt.search.pace import PaceEstimate, PaceMeter, spoken_time
from counterprompt.search.source import Measured

REQUEST = GenerationRequest("a house", "", 1)


class Hears(SilentProgress):
    """Keeps every estimate."""

    def __init__(self) -> None:
        self.heard: list[PaceEstimate] = []

    def hear_pace(self, estimate: PaceEstimate) -> None:
        """Keep it."""
        self.heard.append(estimate)


def _batch(count: int, drawing_s: float = 0.0, scoring_s: float = 0.0) -> Measured:
    return Measured((REQUEST,) * count, (), (), drawing_s, scoring_s)


def _meter(times: list[float], progress: SilentProgress | None = None) -> PaceMeter:
    return PaceMeter(progress or SilentProgress(), iter(times).__next__)


def test_the_first_batch_counts_while_it_is_the_only_one():
    """Loading makes the first batch slow; the pace is that of the later ones as soon as there are any."""
    meter = _meter([0, 20, 24, 27])
    found = []
    for _ in range(3):
        meter.note([_batch(2)], 10)
        found.append(meter.estimate().seconds_per_picture)

    assert [10, 2, 1.75] == found


def test_the_pace_follows_the_last_pictures():
    """What was long ago does not count."""
    meter = _meter([0, 1, *range(2, 42), *range(50, 450, 10)])
    for _ in range(81):
        meter.note([_batch(2)], 10)

    assert 5 == meter.estimate().seconds_per_picture


def test_drawing_and_scoring_are_told_apart():
    """An estimate says how much of a picture's time goes where, and how long the rest takes."""
    meter = _meter([0, 5])
    meter.note([_batch(2, 6, 2), _batch(2, 4, 1)], 10)

    assert PaceEstimate(1.25, 2.5, 0.75, 100) == meter.estimate(100)
    assert 125 == meter.estimate(100).seconds_left


def test_a_listener_hears_once_it_has_been_told():
    """Nothing is said before the baseline is there, then with every batch; a plain listener hears nothing."""
    hears = Hears()
    meter = _meter([0, 2, 4, 6], hears)
    meter.note([_batch(2)], 20)
    meter.tell(18)
    meter.note([_batch(2)], 18)
    meter.note([], 16)

    assert [18, 16] == [each.pictures_left for each in hears.heard]
    PaceMeter(SilentProgress()).tell(10)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(42.4, "about 42 s"), (100, "about 2 minutes"), (3000, "about 50 minutes"), (9000, "about 2.5 hours")],
)
def test_time_in_words(seconds: float, words: str):
    """Long times are told roughly."""
    assert words == spoken_time(seconds)


def test_the_sentence():
    """People read what a picture takes, of that the drawing and the scoring, and when the study ends at the latest."""
    expected = "A picture takes 1.3 s here (1.2 s drawing, 0.1 s scoring): at most 100 more pictures, about 2 minutes."

    assert expected == PaceEstimate(1.3, 1.2, 0.1, 100).sentence
    assert "drawing" not in PaceEstimate(1.3, 0, 0, 100).sentence


def test_the_time_in_which_somebody_is_asked_is_left_out():
    """A minute of thinking between two batches changes neither the pace nor the study's clock."""
    meter = _meter([0, 20, 22, 82, 84, 90])
    meter.note([_batch(2)], 10)
    with meter.standing_still():
        pass
    meter.note([_batch(2)], 10)

    assert 2 == meter.estimate().seconds_per_picture
    assert 30 == meter.clock()
