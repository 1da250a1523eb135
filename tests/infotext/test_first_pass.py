"""The first pass of old infotexts."""

import pytest

from counterprompt.infotext.first_pass import first_pass_size


@pytest.mark.parametrize(
    ("size", "written", "expected"),
    [
        ((1024, 1024), None, None),
        ((1024, 1024), (640, 640), (640, 640)),
        ((1024, 1024), (0, 0), (512, 512)),
        ((1024, 1536), (0, 0), (448, 640)),
        (None, (0, 0), None),
        ((0, 5), (0, 0), None),
    ],
)
def test_first_pass(size, written, expected):
    """A written size counts; 0x0 means about 512x512 pixels in the picture's shape, on the grid of 64."""
    assert expected == first_pass_size(size, written)
