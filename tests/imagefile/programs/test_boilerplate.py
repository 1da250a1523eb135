"""Texts of cameras and graphics programs."""

import pytest

from counterprompt.imagefile.programs.boilerplate import is_boilerplate


@pytest.mark.parametrize(
    "text",
    [
        "Created with GIMP",
        "Created with The GIMP",
        "CREATOR: gd-jpeg v1.0 (using IJG JPEG v62), quality = 90\n",
        "Optimized by JPEGmini 3.9.20.0L",
        "Resized on https://ezgif.com/resize",
        "LEAD Technologies Inc. V1.01",
        "Lavc58.134.100",
        "Screenshot",
        "oplus_1048608",
        "filter: 0; fileterIntensity: 0.0; filterMask: 0;",
        "***",
    ],
)
def test_what_programs_leave_is_known(text: str) -> None:
    """None of it is a prompt."""
    assert is_boilerplate(text)


@pytest.mark.parametrize(
    "text",
    [
        "just words",
        "screenshot, 1girl, anime coloring",
        "created by greg rutkowski, a castle",
        "paint splatter, a fox",
        "file cabinet in an office",
        "a poster optimized for print",
    ],
)
def test_prompts_are_not_taken_for_it(text: str) -> None:
    """Words of a prompt may resemble it."""
    assert not is_boilerplate(text)
