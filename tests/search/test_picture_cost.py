"""What a picture of other steps or another size would cost."""

from __future__ import annotations

import pytest

from counterprompt.ports import GenerationRequest
from counterprompt.search.picture_cost import Drawing, PictureCost

MEASURED = Drawing(20, 512, 512)


@pytest.mark.parametrize(
    ("drawing", "seconds"),
    [
        (MEASURED, 5.0),
        (Drawing(40, 512, 512), 9.0),
        (Drawing(20, 1024, 1024), 17.0),
        (Drawing(10, 512, 256), 2.0),
    ],
)
def test_drawing_grows_with_steps_and_pixels_and_scoring_stays(drawing: Drawing, seconds: float) -> None:
    """Of 5 s are 4 for drawing: twice the steps cost 4 s more, four times the pixels 12 s more."""
    assert seconds == pytest.approx(PictureCost(5.0, 4.0, MEASURED).scaled_to(drawing).seconds)


def test_where_drawing_was_not_told_apart_everything_grows() -> None:
    """Twice the steps are twice the seconds."""
    assert 10.0 == pytest.approx(PictureCost(5.0, 0.0, MEASURED).scaled_to(Drawing(40, 512, 512)).seconds)


def test_scaling_back_gives_what_was_measured() -> None:
    """There and back again is the same, what was drawn included."""
    there = PictureCost(5.0, 4.0, MEASURED).scaled_to(Drawing(33, 640, 384))

    assert Drawing(33, 640, 384) == there.drawing
    assert 5.0 == pytest.approx(there.scaled_to(MEASURED).seconds)


def test_a_request_says_what_is_drawn() -> None:
    """Steps, width and height, and nothing else."""
    assert MEASURED == Drawing.of(GenerationRequest("a cat", "ugly", 1, 20, width=512, height=512))
